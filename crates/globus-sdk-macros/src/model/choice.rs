//! Writes an enum and its implementations.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::parse::{Choice, Variant};

/// The expansion of an enum.
pub(super) fn expand(choice: &Choice) -> TokenStream {
    let Choice {
        attrs,
        vis,
        name,
        variants,
    } = choice;
    let declared = variants
        .iter()
        .map(|Variant { attrs, name, .. }| quote!(#(#attrs)* #name,));
    let names: Vec<&Ident> = variants.iter().map(|variant| &variant.name).collect();
    let wires: Vec<&String> = variants.iter().map(|variant| &variant.wire).collect();
    let serde = serde(name);
    quote! {
        #(#attrs)*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #vis enum #name {
            #(#declared)*
            /// A value that this version of the SDK does not know.
            Other(String),
        }

        impl #name {
            /// The value as the service writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #wires,)*
                    Self::Other(text) => text,
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[automatically_derived]
        impl From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#wires => Self::#names,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        #[automatically_derived]
        impl From<String> for #name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    #(#wires => Self::#names,)*
                    _ => Self::Other(text),
                }
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        #serde

        #[automatically_derived]
        impl crate::operation::Argument for #name {
            const VALUES: &'static [&'static str] = &[#(#wires),*];

            fn into_arg(self) -> crate::operation::Arg {
                crate::operation::Argument::into_arg(self.as_str().to_owned())
            }
        }
    }
}

/// `Serialize` and `Deserialize` as text.
fn serde(name: &Ident) -> TokenStream {
    let expecting = format!("a text ({name})");
    quote! {
        #[automatically_derived]
        impl ::serde::Serialize for #name {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[automatically_derived]
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                struct __TextVisitor;

                impl ::serde::de::Visitor<'_> for __TextVisitor {
                    type Value = #name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(#expecting)
                    }

                    fn visit_str<__E: ::serde::de::Error>(self, text: &str) -> Result<Self::Value, __E> {
                        Ok(text.into())
                    }

                    fn visit_string<__E: ::serde::de::Error>(self, text: String) -> Result<Self::Value, __E> {
                        Ok(text.into())
                    }
                }

                deserializer.deserialize_str(__TextVisitor)
            }
        }
    }
}
