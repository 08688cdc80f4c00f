//! What the service can show: formats, fonts, locales.
