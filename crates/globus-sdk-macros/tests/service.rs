//! The expansion of `#[service]` compiles and fills calls, with a stand-in for the part of `globus-sdk` that it names.
#![allow(missing_docs, dead_code, unreachable_pub, missing_debug_implementations)]

mod operation {
    include!("stand_in/operation.rs");
}

mod client {
    use std::marker::PhantomData;

    use crate::operation::{Arg, ClientSpec, Operation};

    pub trait Mode: Clone + std::fmt::Debug {}

    #[derive(Debug, Clone, Default)]
    pub struct Async;

    impl Mode for Async {}

    pub trait ClientType {
        const SPEC: &'static ClientSpec;
    }

    #[derive(Debug, Clone, Default)]
    pub struct Core;

    #[derive(Debug, Clone)]
    pub struct Bound<M> {
        pub operation: &'static Operation,
        pub values: Vec<(usize, Arg)>,
        mode: PhantomData<M>,
    }

    impl<M: Mode> Bound<M> {
        pub fn new(_core: &Core, operation: &'static Operation) -> Self {
            Self {
                operation,
                values: Vec::new(),
                mode: PhantomData,
            }
        }

        pub fn set(&mut self, index: usize, value: Arg) {
            self.values.push((index, value));
        }
    }

    macro_rules! builder {
        ($name:ident, $form:ident $row:ty) => {
            impl<M: crate::client::Mode> $name<M> {
                pub fn parts(self) -> (crate::client::Bound<M>, &'static str, Option<$row>) {
                    (self.bound, stringify!($form), None)
                }
            }
        };
    }
    pub(crate) use builder;

    macro_rules! client {
        ($name:ident, $spec:ident, $table:expr) => {
            pub static $spec: crate::operation::ClientSpec = crate::operation::ClientSpec {
                name: stringify!($name),
                operations: || $table,
            };

            #[derive(Debug, Clone, Default)]
            pub struct $name<M: crate::client::Mode = crate::client::Async>(
                crate::client::Core,
                std::marker::PhantomData<M>,
            );

            impl<M: crate::client::Mode> crate::client::ClientType for $name<M> {
                const SPEC: &'static crate::operation::ClientSpec = &$spec;
            }

            impl<M: crate::client::Mode> $name<M> {
                fn core(&self) -> &crate::client::Core {
                    &self.0
                }
            }
        };
    }
    pub(crate) use client;
}

mod flows {
    use globus_sdk_macros::service;

    crate::client::client!(FlowsClient, FLOWS, FLOWS_CLIENT_OPERATIONS);
    crate::client::client!(OtherClient, OTHER, OTHER_CLIENT_OPERATIONS);

    /// An id.
    #[derive(Debug, Clone)]
    pub struct FlowId(String);

    impl From<&str> for FlowId {
        fn from(text: &str) -> Self {
            Self(text.to_owned())
        }
    }

    impl crate::operation::Argument for FlowId {
        fn into_arg(self) -> crate::operation::Arg {
            crate::operation::Argument::into_arg(self.0)
        }
    }

    #[service(reference = "https://docs.globus.org/api/flows/", vars(realm))]
    impl FlowsClient {
        /// Lists the flows that the caller may see.
        #[get("/flows", scope = "view", page = Marker("flows"), also = [OtherClient(client_id = Always)])]
        fn list_flows(
            /// Keep these.
            #[csv]
            filter_roles: Option<Vec<String>>,
            /// Where to resume.
            marker: Option<String>,
        ) -> String;

        /// Changes a flow.
        #[patch("/{realm}/flows/{flow_id}", json)]
        fn update_flow(
            /// The one to change.
            flow_id: FlowId,
            /// Its owner, or nobody.
            #[nullable]
            owner: FlowId,
            /// Shown to users.
            #[nullable]
            title: Option<String>,
            /// What kind it is.
            r#type: Option<u32>,
            /// A name that the expansion uses as well.
            bound: Value,
            /// Steps of the flow.
            definition: Option<Json<Vec<u8>>>,
        );
    }
}

use crate::client::ClientType;
use crate::flows::{FlowId, FlowsClient, OtherClient};
use crate::operation::{Arg, ClientIdField, Idempotency, Paging};

fn text(value: &str) -> Arg {
    Arg::Text(value.to_owned())
}

#[test]
fn setters_fill_the_call() {
    let client: FlowsClient = FlowsClient::default();
    let (bound, form, _) = client.list_flows().marker("m").filter_roles(["a", "b"]).parts();
    assert_eq!(form, "page");
    assert_eq!(
        bound.values,
        [(1, text("m")), (0, Arg::List(vec![text("a"), text("b")]))]
    );
    assert!(matches!(bound.operation.paging, Some(Paging::Marker)));
}

#[test]
fn arguments_come_first() {
    let client: FlowsClient = FlowsClient::default();
    let call = client
        .update_flow("f", None, serde_json::json!({"a": 1}))
        .r#type(7)
        .title_null()
        .definition(vec![1]);
    let (bound, form, _) = call.parts();
    assert_eq!(form, "one");
    assert_eq!(
        bound.values,
        [
            (0, text("f")),
            (1, Arg::Null),
            (4, Arg::Json(r#"{"a":1}"#.to_owned())),
            (3, text("7")),
            (2, Arg::Null),
            (5, Arg::Json("[1]".to_owned()))
        ]
    );
    let call = client.update_flow("f", Some(FlowId::from("me")), serde_json::Value::Null);
    assert_eq!(call.parts().0.values[1], (1, text("me")));
}

#[test]
fn every_client_has_its_own_row() {
    let names =
        |client: &crate::operation::ClientSpec| (client.operations)().iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names(<FlowsClient as ClientType>::SPEC), ["list_flows", "update_flow"]);
    assert_eq!(names(<OtherClient as ClientType>::SPEC), ["list_flows"]);

    let other: OtherClient = OtherClient::default();
    let row = other.list_flows().parts().0.operation;
    assert_eq!(row.client.name, "OtherClient");
    assert!(matches!(row.client_id, ClientIdField::Always));
    assert!(matches!(row.idempotency, Idempotency::Repeatable));
}
