//! What the service traits of all providers have in common.

/// Implements a service trait by forwarding: for `&T`, `Box<T>` and `Arc<T>`, or, as
/// `forward_service!(PingService for Wrapper, by field { .. })`, for a type with a field that implements it. Methods that
/// answer at once, without a future, come first, marked `[now]`.
///
/// ```
/// use connectors_core::{Error, Result};
/// use async_trait::async_trait;
///
/// #[async_trait]
/// trait PingService: Send + Sync {
///     async fn ping(&self, host: String) -> Result<u32> {
///         Err(Error::unsupported("acme", "ping", format!("nobody pings {host}")))
///     }
/// }
/// connectors_core::forward_service!(PingService { ping(host: String) -> u32; });
///
/// fn takes(_: std::sync::Arc<dyn PingService>) -> impl PingService {
///     struct Ping;
///     impl PingService for Ping {}
///     Box::new(Ping)
/// }
/// ```
#[macro_export]
macro_rules! forward_service {
    (@impl $service:ident, $pointer:ty, {
        $([now] $plain:ident() -> $told:ty;)*
        $($method:ident($($arg:ident: $ty:ty)?) -> $out:ty;)*
    }) => {
        #[::async_trait::async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<T: $service + ?Sized> $service for $pointer {
            $(fn $plain(&self) -> $told {
                (**self).$plain()
            })*
            $(async fn $method(&self $(, $arg: $ty)?) -> $crate::Result<$out> {
                (**self).$method($($arg)?).await
            })*
        }
    };
    ($service:ident for $type:ty, by $field:ident {
        $([now] $plain:ident() -> $told:ty;)*
        $($method:ident($($arg:ident: $ty:ty)?) -> $out:ty;)*
    }) => {
        #[::async_trait::async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl $service for $type {
            $(fn $plain(&self) -> $told {
                self.$field.$plain()
            })*
            $(async fn $method(&self $(, $arg: $ty)?) -> $crate::Result<$out> {
                self.$field.$method($($arg)?).await
            })*
        }
    };
    ($service:ident $methods:tt) => {
        $crate::forward_service!(@impl $service, &T, $methods);
        $crate::forward_service!(@impl $service, ::std::boxed::Box<T>, $methods);
        $crate::forward_service!(@impl $service, ::std::sync::Arc<T>, $methods);
    };
}
