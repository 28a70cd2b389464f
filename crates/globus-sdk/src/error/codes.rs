//! Which errors a service documents: for every operation, and for single ones.

/// An error that a service documents, as what it answers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ErrorCode {
    /// HTTP status.
    pub status: u16,
    /// What [`ApiError::code`](super::ApiError::code) tells; `None` where only the status is documented.
    pub code: Option<&'static str>,
    /// When the service answers so.
    pub when: &'static str,
}

impl ErrorCode {
    /// `when` is a doc comment, which begins with a space.
    pub(crate) const fn new(status: u16, code: Option<&'static str>, when: &'static str) -> Self {
        let when = when.trim_ascii();
        Self { status, code, when }
    }
}

/// Declares the errors that a service documents.
///
/// It makes a constant of each, which declarations of operations name; `EVERY`, those of all operations; and
/// `error_text!(NAME)` and `error_text!(every)`, the same for documentation comments.
macro_rules! error_codes {
    (
        every { $($(#[doc = $every_when:literal])+ $every_status:literal $($every_code:literal)?;)* }
        $($(#[doc = $when:literal])+ $name:ident = $status:literal $($code:literal)?;)*
    ) => {
        /// What any operation may answer.
        pub(crate) const EVERY: &[$crate::error::ErrorCode] = &[
            $($crate::error::error_codes!(@row [$($every_when)+] $every_status $($every_code)?)),*
        ];
        $(
            $(#[doc = $when])+
            pub(crate) const $name: $crate::error::ErrorCode =
                $crate::error::error_codes!(@row [$($when)+] $status $($code)?);
        )*

        macro_rules! error_text {
            $(($name) => { concat!("\n* ", $status, $(" `", $code, "`",)? ":", $($when),+) };)*
            (every) => {
                concat!(
                    "\n# Errors\n\nThe service documents for every operation:\n",
                    $("\n* ", $every_status, $(" `", $every_code, "`",)? ":", $($every_when),+),*
                )
            };
        }
        pub(crate) use error_text;
    };
    (@row [$($when:literal)+] $status:literal) => {
        $crate::error::ErrorCode::new($status, None, concat!($($when),+))
    };
    (@row [$($when:literal)+] $status:literal $code:literal) => {
        $crate::error::ErrorCode::new($status, Some($code), concat!($($when),+))
    };
}
pub(crate) use error_codes;
