//! A fake that goes on from where another one was saved answers as that one, to the byte.

use chrono::{DateTime, Utc};
use connectors_core::{ErrorKind, HttpRequest};
use connectors_mock::{Backend, Entry, Fake};

/// A mock, for its fake.
pub trait Twin {
    fn machine(&self) -> &dyn Fake;
}

/// What the fake was asked for, in its order.
fn requests(backend: &Backend) -> Vec<(HttpRequest, DateTime<Utc>)> {
    let request = |entry: &Entry| {
        let query = entry.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let request = http::Request::builder().method(entry.method.clone()).uri(format!("{}{query}", entry.path));
        let mut request = request.body(entry.body.clone()).unwrap();
        *request.headers_mut() = entry.headers.clone();
        (request, entry.at)
    };
    backend.journal().of("*").iter().map(|entry| request(entry)).collect()
}

/// Tells the story that `backend` heard to another fake, and from each of `chapters` on to one more that was loaded with
/// what that one held by then. All three are made by the same settings.
pub fn assert_alike<M: Twin>(backend: &Backend, chapters: usize, fresh: impl Fn() -> M) {
    let story = requests(backend);
    assert!(story.len() > chapters, "{} requests are no story", story.len());
    let first = fresh();
    let first = first.machine();
    let mut saved = vec![(0, first.save().unwrap())];
    let mut answers = Vec::new();
    for (number, (request, at)) in story.iter().enumerate() {
        answers.push(first.handle(request, *at));
        if (number + 1) % story.len().div_ceil(chapters) == 0 {
            saved.push((number + 1, first.save().unwrap()));
        }
    }
    let end = first.save().unwrap();
    for (from, state) in saved {
        let twin = fresh();
        let twin = twin.machine();
        twin.load(&state).unwrap();
        assert_eq!(twin.save().unwrap(), state, "after {from} requests");
        for ((request, at), answer) in story.iter().zip(&answers).skip(from) {
            let other = twin.handle(request, *at);
            let told = format!("{} {} after {from} requests", request.method(), request.uri());
            assert_eq!((other.status(), other.headers()), (answer.status(), answer.headers()), "{told}");
            assert_eq!(other.body(), answer.body(), "{told}");
        }
        assert_eq!(twin.save().unwrap(), end, "after {from} requests, and all others");
    }
    // What was there is asked for, changed and made once more, by two that hold the same.
    let twin = fresh();
    let twin = twin.machine();
    twin.load(&end).unwrap();
    for (request, at) in &story {
        assert_eq!(twin.handle(request, *at).body(), first.handle(request, *at).body(), "{} again", request.uri());
    }
    assert_eq!(twin.save().unwrap(), first.save().unwrap());
}

/// Nothing but what it saved itself is loaded by a fake, and what is refused changes nothing.
pub fn assert_strict(fake: &dyn Fake, setups: &[(&str, &str)], now: DateTime<Utc>) {
    let before = fake.save().unwrap();
    let foreign = before.replacen(fake.provider(), "another", 1);
    let broken = before.replacen(r#""state":{"#, r#""state":{"seed":"x","#, 1);
    for state in ["", "{}", &foreign, &broken, &before[..before.len() / 2]] {
        assert_eq!(fake.load(state).unwrap_err().kind(), ErrorKind::InvalidRequest, "{state:.80}");
    }
    for (setup, field) in setups {
        let error = fake.add(setup, now).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(*field)), "{setup}: {error}");
    }
    assert_eq!(fake.save().unwrap(), before);
}

/// A reset leaves what a new one of that seed holds.
pub fn assert_resets<M: Twin>(used: &M, now: DateTime<Utc>, fresh: impl Fn(u64) -> M) {
    for (seed, made) in [(None, 7), (Some(11), 11), (None, 7)] {
        used.machine().reset(seed, now).unwrap();
        assert_eq!(used.machine().save().unwrap(), fresh(made).machine().save().unwrap(), "{seed:?}");
    }
    assert_ne!(fresh(7).machine().save().unwrap(), fresh(11).machine().save().unwrap());
}
