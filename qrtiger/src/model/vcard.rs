//! A business card.

use std::fmt;

use connectors_core::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::Color;

/// Declares the texts of a card: the field, and where it is in the document.
macro_rules! card {
    ($(#[$meta:meta])* struct VCard { $($(#[doc = $doc:literal])+ $field:ident = $group:literal $wire:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct VCard {
            /// Whose card it is.
            pub name: String,
            $($(#[doc = $doc])+ pub $field: Option<String>,)*
            /// The rest of the document, as it was read or added.
            rest: Map<String, Value>,
        }

        impl VCard {
            $($(#[doc = $doc])+ pub fn $field(mut self, text: impl Into<String>) -> Self {
                self.$field = Some(text.into());
                self
            })*

            fn document(&self) -> Map<String, Value> {
                let mut document = self.rest.clone();
                put(&mut document, "", "name", &self.name);
                $(put(&mut document, $group, $wire, self.$field.as_deref().unwrap_or_default());)*
                // Objects, also where they hold nothing: the provider does not take empty arrays.
                within(&mut document, "address", |address| within(address, "location", |_| ()));
                within(&mut document, "smedia", |_| ());
                document
            }
        }

        impl VCard {
            fn of_members(document: Map<String, Value>) -> Self {
                let text = |group: &str, name: &str| {
                    let members = if group.is_empty() { Some(&document) } else { document.get(group)?.as_object() };
                    let text = members?.get(name)?.as_str()?;
                    (!text.is_empty()).then(|| text.to_owned())
                };
                Self {
                    name: text("", "name").unwrap_or_default(),
                    $($field: text($group, $wire),)*
                    rest: document,
                }
            }
        }

        /// Names alone: what a card holds is about a person.
        impl fmt::Debug for VCard {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let fields = [$(self.$field.as_ref().map(|_| stringify!($field))),*];
                f.debug_tuple("VCard").field(&fields.into_iter().flatten().collect::<Vec<_>>()).finish()
            }
        }
    };
}

card! {
    /// A business card that a code shows: [`Campaigns::create_vcard`](crate::Campaigns::create_vcard).
    ///
    /// The shape of it is known from a single source: look at a code of yours before you print many.
    ///
    /// ```
    /// use connectors_qrtiger::VCard;
    ///
    /// let card = VCard::new("Ada Example").company("Example Drinks").email("ada@example.com").mobile_phone("+49 30 1234");
    /// let document = serde_json::to_string(&card)?;
    /// assert_eq!(serde_json::from_str::<VCard>(&document)?.mobile_phone, card.mobile_phone);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    struct VCard {
        /// The company.
        company = "" "company";
        /// The position in it.
        title = "" "title";
        /// The e-mail address.
        email = "" "email";
        /// The web site.
        website = "" "website";
        /// The fax number.
        fax = "" "fax";
        /// What else is to be said.
        note = "" "additional_info";
        /// The address of a picture of the person.
        picture = "" "profile_pic";
        /// The telephone number at work.
        work_phone = "phone" "work";
        /// The private telephone number.
        private_phone = "phone" "private";
        /// The mobile telephone number.
        mobile_phone = "phone" "mobile";
        /// Street and house number.
        street = "address" "street";
        /// The city.
        city = "address" "city";
        /// The state.
        state = "address" "state";
        /// The country.
        country = "address" "country";
        /// The postal code.
        postal_code = "address" "postal_code";
    }
}

impl VCard {
    /// The card of somebody; the name must not be blank.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The colours of the page that shows the card.
    pub fn colors(mut self, background: &Color, second: &Color) -> Self {
        self.rest.insert("bgColor".to_owned(), background.as_str().into());
        self.rest.insert("bgColor2".to_owned(), second.as_str().into());
        self
    }

    /// Any other member of the document, such as `theme`, `fontFamily` or `smedia`. It is sent as it is, and may be ignored.
    /// Texts with a setter take its value.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Result<Self> {
        let name = name.into();
        let value = serde_json::to_value(value)
            .map_err(|error| Error::invalid(format!("vcard.{name}"), "cannot be written as JSON").with_source(error))?;
        self.rest.insert(name, value);
        Ok(self)
    }

    pub(crate) fn to_text(&self) -> String {
        Value::Object(self.document()).to_string()
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn put(document: &mut Map<String, Value>, group: &str, name: &str, text: &str) {
    let insert = |members: &mut Map<String, Value>| drop(members.insert(name.to_owned(), text.into()));
    if group.is_empty() { insert(document) } else { within(document, group, insert) }
}

/// Changes the object of this name, which takes the place of whatever else was there.
fn within(document: &mut Map<String, Value>, name: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let mut members = match document.remove(name) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    };
    change(&mut members);
    document.insert(name.to_owned(), members.into());
}

impl Serialize for VCard {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        self.document().serialize(target)
    }
}

impl<'de> Deserialize<'de> for VCard {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Map::deserialize(source).map(Self::of_members)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_card_has_every_member_and_keeps_what_it_does_not_know() {
        let card = VCard::new("Ada").city("Berlin").extra("theme", 2).unwrap();
        let document = serde_json::to_value(&card).unwrap();
        assert_eq!(
            document["address"],
            json!({
                "street": "", "city": "Berlin", "state": "", "country": "", "postal_code": "", "location": {},
            })
        );
        assert_eq!((&document["smedia"], &document["theme"], &document["fax"]), (&json!({}), &json!(2), &json!("")));

        let read =
            VCard::read(r#"{"name":"Ada","phone":[],"address":{"city":"Berlin","location":{"lat":52.5}},"theme":2}"#)
                .unwrap();
        assert_eq!((read.city.as_deref(), read.work_phone.as_deref()), (Some("Berlin"), None));
        let again = serde_json::to_value(read.country("Germany")).unwrap();
        assert_eq!(
            (&again["address"]["location"]["lat"], &again["address"]["country"]),
            (&json!(52.5), &json!("Germany"))
        );
        assert_eq!(again["phone"]["work"], json!(""), "an object, not an array");
    }

    #[test]
    fn nobody_is_shown() {
        let card = VCard::new("Ada").email("ada@example.com").mobile_phone("0171");
        assert_eq!(format!("{card:?}"), r#"VCard(["email", "mobile_phone"])"#);
    }
}
