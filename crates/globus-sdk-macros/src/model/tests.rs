use proc_macro2::TokenStream;
use quote::quote;

fn pretty(args: TokenStream, input: TokenStream) -> String {
    let tokens = super::expand(args, input).expect("the declaration is valid");
    prettyplease::unparse(&syn::parse2(tokens).expect("the expansion is Rust"))
}

#[test]
fn a_struct() {
    let record = quote! {
        /// A flow.
        #[check(checks::flow)]
        pub struct Flow {
            /// Its id.
            pub id: FlowId,
            /// Its kind.
            #[wire("type")]
            pub kind: Option<String>,
            /// Its description.
            pub description: Field<String>,
            /// A key to it.
            #[secret]
            pub key: Option<String>,
        }
    };
    insta::assert_snapshot!(pretty(quote!(), record));
}

#[test]
fn a_document_of_deduced_version() {
    let record = quote! {
        /// A collection.
        pub struct Collection {
            /// Its name.
            pub display_name: Option<String>,
            /// Whether it is protected.
            #[since("1.8.0")]
            pub delete_protected: Option<bool>,
            /// What people read.
            #[since(of_message)]
            pub user_message: Field<String>,
        }
    };
    let args = quote!(data_type = "collection", fixed("collection_type" = "mapped"));
    insta::assert_snapshot!(pretty(args, record));
}

#[test]
fn an_enum() {
    let choice = quote! {
        /// What a caller may do.
        #[derive(Default)]
        pub enum FlowRole {
            /// Everything.
            #[default]
            FlowOwner,
            /// Looking.
            #[wire("viewer")]
            FlowViewer,
        }
    };
    insta::assert_snapshot!(pretty(quote!(rename_all = "SCREAMING_SNAKE_CASE"), choice));
}
