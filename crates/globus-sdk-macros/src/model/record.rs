//! Writes a struct and its implementations.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Path};

use super::parse::{Field, FieldKind, Record, Since};

/// The expansion of a struct.
pub(super) fn expand(record: &Record) -> TokenStream {
    let Record {
        attrs,
        vis,
        name,
        fields,
        ..
    } = record;
    let declared = fields.iter().map(|field| {
        let Field {
            attrs, vis, name, ty, ..
        } = field;
        quote!(#(#attrs)* #vis #name: #ty,)
    });
    let attrs = attrs.iter().filter(|attr| !is_check(attr));
    let attrs: Vec<&Attribute> = attrs.collect();
    let (debug, serialize, deserialize) = (debug(record), serialize(record), deserialize(record));
    let data_type = record.data_type.as_ref().map(|data_type| versions(record, data_type));
    quote! {
        #(#attrs)*
        #[derive(Clone, PartialEq, Default)]
        #vis struct #name {
            #(#declared)*
            /// Fields that the SDK does not know, as raw JSON.
            pub extra: crate::models::Extra,
        }
        #data_type
        #debug
        #serialize
        #deserialize
        impl crate::operation::TypedDocument for #name {}
        impl crate::models::Model for #name {}
    }
}

/// Whether it is `#[check(path)]`.
fn is_check(attr: &Attribute) -> bool {
    attr.path().is_ident("check")
}

/// `Debug`: without secrets, and with unknown fields only where there are some.
fn debug(record: &Record) -> TokenStream {
    let name = &record.name;
    let title = name.to_string();
    let fields = record.fields.iter().map(|field| {
        let ident = &field.name;
        let title = ident.to_string();
        let value = match (field.secret, field.kind) {
            (false, _) => quote!(&self.#ident),
            (true, FieldKind::Optional) => quote!(&self.#ident.as_ref().map(|_| "***")),
            (true, _) => quote!(&"***"),
        };
        quote!(out.field(#title, #value);)
    });
    // Where there are secrets, a field that the SDK does not know may be another one.
    let extra = if record.fields.iter().any(|field| field.secret) {
        quote!(&self.extra.unknown().map(|(name, _)| name).collect::<Vec<_>>())
    } else {
        quote!(&self.extra)
    };
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut out = f.debug_struct(#title);
                #(#fields)*
                if !self.extra.is_empty() {
                    out.field("extra", #extra);
                }
                out.finish()
            }
        }
    }
}

/// The version of the document that the fields need.
fn versions(record: &Record, data_type: &str) -> TokenStream {
    let name = &record.name;
    let needs = record.fields.iter().enumerate().filter_map(|(index, field)| {
        let (ident, wire) = (&field.name, &field.wire);
        let needed = match field.since.as_ref()? {
            Since::Version(major, minor, patch) => quote!((#major, #minor, #patch)),
            Since::Told(path) => quote!(#path(&self.#ident)),
        };
        let there = match field.kind {
            FieldKind::Optional => quote!(self.#ident.is_some() || self.extra.is_null(#index)),
            FieldKind::ThreeStates => quote!(!self.#ident.is_absent()),
            FieldKind::Plain => quote!(!self.extra.is_absent(#index)),
        };
        Some(quote! {
            if #there || self.extra.replaces(#wire) {
                version = version.max(#needed);
            }
        })
    });
    let needs: Vec<TokenStream> = needs.collect();
    let changes = if needs.is_empty() { quote!() } else { quote!(mut) };
    quote! {
        impl #name {
            /// Name of the document's type, which stands before its version.
            pub const DATA_TYPE: &'static str = #data_type;

            /// The document's type with the lowest version that has all fields that are set.
            pub fn deduced_data_type(&self) -> String {
                let #changes version: (u32, u32, u32) = (1, 0, 0);
                #(#needs)*
                format!("{}#{}.{}.{}", Self::DATA_TYPE, version.0, version.1, version.2)
            }
        }
    }
}

/// `Serialize`: what was read is written as it came.
fn serialize(record: &Record) -> TokenStream {
    let name = &record.name;
    let checks = record
        .attrs
        .iter()
        .filter(|attr| is_check(attr))
        .map(|attr| match attr.parse_args::<Path>() {
            Ok(path) => quote!(#path(self).map_err(::serde::ser::Error::custom)?;),
            Err(error) => error.into_compile_error(),
        });
    let deduced = record.data_type.iter().map(|_| {
        quote! {
            match &self.data_type {
                _ if self.extra.replaces("DATA_TYPE") => (),
                Some(data_type) => map.serialize_entry("DATA_TYPE", data_type)?,
                None => map.serialize_entry("DATA_TYPE", &self.deduced_data_type())?,
            }
        }
    });
    let fixed = record.fixed.iter().map(|(name, value)| {
        quote! {
            if !self.extra.replaces(#name) {
                map.serialize_entry(#name, #value)?;
            }
        }
    });
    let own = usize::from(record.data_type.is_some());
    let fields = record.fields.iter().enumerate().skip(own).map(|(index, field)| {
        let Field { name, wire, ty, .. } = field;
        match field.kind {
            FieldKind::Optional => quote! {
                if (self.#name.is_some() || self.extra.is_null(#index)) && !self.extra.replaces(#wire) {
                    map.serialize_entry(#wire, &self.#name)?;
                }
            },
            FieldKind::ThreeStates => quote! {
                if !self.#name.is_absent() && !self.extra.replaces(#wire) {
                    map.serialize_entry(#wire, &self.#name)?;
                }
            },
            FieldKind::Plain => quote! {
                let untouched = (self.extra.is_null(#index) || self.extra.is_absent(#index))
                    && ::core::cmp::PartialEq::eq(&self.#name, &<#ty as ::core::default::Default>::default());
                if self.extra.replaces(#wire) {
                    // It follows with the unknown ones.
                } else if !untouched {
                    map.serialize_entry(#wire, &self.#name)?;
                } else if self.extra.is_null(#index) {
                    map.serialize_entry(#wire, &())?;
                }
            },
        }
    });
    quote! {
        #[automatically_derived]
        impl ::serde::Serialize for #name {
            fn serialize<__S: ::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                use ::serde::ser::SerializeMap as _;
                #(#checks)*
                let mut map = serializer.serialize_map(None)?;
                #(#deduced)*
                #(#fixed)*
                #(#fields)*
                for (name, value) in self.extra.unknown() {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// The check of each field with one value only.
fn fixed_reads(record: &Record) -> impl Iterator<Item = TokenStream> {
    record.fixed.iter().map(|(name, value)| {
        quote! {{
            let given: String = map.next_value()?;
            if given != #value {
                return Err(::serde::de::Error::custom(format!("`{}` is `{given}` where `{}` belongs", #name, #value)));
            }
        }}
    })
}

/// `Deserialize`: keys are compared where they stand, and only unknown ones are copied.
///
/// Names that could hide a field's type begin with `__`.
fn deserialize(record: &Record) -> TokenStream {
    let (name, fields) = (&record.name, &record.fields);
    let expecting = format!("an object ({name})");
    let keys: Vec<Ident> = (0..fields.len()).map(|index| format_ident!("Field{index}")).collect();
    let slots: Vec<Ident> = (0..fields.len()).map(|index| format_ident!("field{index}")).collect();
    let wires: Vec<_> = fields.iter().map(|field| &field.wire).collect();
    let title = name.to_string();
    let fixed_keys: Vec<Ident> = (0..record.fixed.len())
        .map(|index| format_ident!("Fixed{index}"))
        .collect();
    let fixed_names: Vec<&String> = record.fixed.iter().map(|(name, _)| name).collect();
    let fixed_values = fixed_reads(record);
    let reads = fields.iter().zip(&slots).enumerate().map(|(index, (field, slot))| {
        let ty = &field.ty;
        match field.kind {
            FieldKind::Optional => quote! {{
                #slot = map.next_value::<#ty>()?;
                if #slot.is_none() {
                    extra.set_null(#index);
                }
            }},
            FieldKind::ThreeStates => quote!(#slot = Some(map.next_value::<#ty>()?),),
            FieldKind::Plain => quote!(#slot = Some(map.next_value::<Option<#ty>>()?),),
        }
    });
    let values = fields.iter().zip(&slots).enumerate().map(|(index, (field, slot))| {
        let name = &field.name;
        match field.kind {
            FieldKind::Optional => quote!(#name: #slot,),
            FieldKind::ThreeStates => quote!(#name: #slot.unwrap_or_default(),),
            FieldKind::Plain => quote! {
                #name: match #slot {
                    Some(Some(value)) => value,
                    Some(None) => {
                        extra.set_null(#index);
                        ::core::default::Default::default()
                    }
                    None => {
                        extra.set_absent(#index);
                        ::core::default::Default::default()
                    }
                },
            },
        }
    });
    quote! {
        #[automatically_derived]
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                enum __Key {
                    #(#keys,)*
                    #(#fixed_keys,)*
                    Unknown(String),
                }
                struct __KeyVisitor;
                struct __DocumentVisitor;

                impl ::serde::de::Visitor<'_> for __KeyVisitor {
                    type Value = __Key;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str("a field name")
                    }

                    fn visit_str<__E: ::serde::de::Error>(self, key: &str) -> Result<__Key, __E> {
                        Ok(match key {
                            #(#wires => __Key::#keys,)*
                            #(#fixed_names => __Key::#fixed_keys,)*
                            _ => __Key::Unknown(key.to_owned()),
                        })
                    }
                }

                impl<'de> ::serde::Deserialize<'de> for __Key {
                    fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                        deserializer.deserialize_identifier(__KeyVisitor)
                    }
                }

                impl<'de> ::serde::de::Visitor<'de> for __DocumentVisitor {
                    type Value = #name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(#expecting)
                    }

                    fn visit_map<__A: ::serde::de::MapAccess<'de>>(self, mut map: __A) -> Result<Self::Value, __A::Error> {
                        let mut extra = crate::models::Extra::default();
                        #(let mut #slots = None;)*
                        while let Some(key) = map.next_key()? {
                            match key {
                                #(__Key::#keys => #reads)*
                                #(__Key::#fixed_keys => #fixed_values)*
                                __Key::Unknown(name) => extra.push(name, map.next_value()?),
                            }
                        }
                        Ok(#name {
                            #(#values)*
                            extra,
                        })
                    }
                }

                // Whoever decodes learns which fields there are.
                deserializer.deserialize_struct(#title, &[#(#wires,)* #(#fixed_names),*], __DocumentVisitor)
            }
        }
    }
}
