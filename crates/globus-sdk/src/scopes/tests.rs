//! Properties of scopes, and hostile input. The recorded cases are in `tests/it/scopes.rs`.

use std::{
    collections::{HashSet, hash_map::DefaultHasher},
    fmt::Write as _,
    hash::{Hash, Hasher},
};

use proptest::prelude::*;

use super::*;

fn texts(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(ToString::to_string).collect()
}

fn hash_of(scope: &Scope) -> u64 {
    let mut hasher = DefaultHasher::new();
    scope.hash(&mut hasher);
    hasher.finish()
}

/// `levels` layers of two scopes, each depending on both of the next layer: 2^levels ways from top to bottom.
fn diamonds(levels: usize) -> String {
    let mut text = String::new();
    for level in 0..levels {
        let below = level + 1;
        write!(text, "a{level}[a{below} b{below}] b{level}[a{below} b{below}] ").unwrap();
    }
    text
}

fn chain(levels: usize) -> String {
    let names: Vec<_> = (0..levels).map(|level| format!("s{level}")).collect();
    names.join("[") + &"]".repeat(levels - 1)
}

/// Text that is often made of what matters to the parser.
fn scope_like() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ab\\[\\]* \t]{0,24}",
        proptest::collection::vec(
            prop_oneof![
                Just("a"),
                Just("b["),
                Just("c"),
                Just("]"),
                Just(" "),
                Just("*d"),
                Just("e")
            ],
            0..24
        )
        .prop_map(|parts| parts.concat()),
    ]
}

/// Trees without cycles: a name's number is larger than those above it.
fn trees() -> impl Strategy<Value = Scope> {
    let leaf = (0..4_u8, any::<bool>()).prop_map(|(name, optional)| named(0, name).with_optional(optional));
    leaf.prop_recursive(4, 24, 4, |below| {
        (0..4_u8, any::<bool>(), proptest::collection::vec(below, 0..4))
            .prop_map(|(name, optional, below)| layered(name, optional, &below))
    })
}

fn named(depth: usize, name: u8) -> Scope {
    Scope::new(format!("https://h/{depth}.{name}")).unwrap()
}

fn depth(scope: &Scope) -> usize {
    scope.name()["https://h/".len()..]
        .split('.')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

fn layered(name: u8, optional: bool, below: &[Scope]) -> Scope {
    let depth = below.iter().map(|scope| depth(scope) + 1).max().unwrap_or(0);
    named(depth, name).with_dependencies(below).with_optional(optional)
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in scope_like()) {
        match parse(&text) {
            // A tab belongs to a name except at the end of the text, so where it stands can not always be kept.
            Ok(scopes) if !text.contains(|c: char| c != ' ' && (c.is_whitespace() || c.is_control())) => {
                let again = parse(&serialize_allow_empty(&scopes).unwrap()).unwrap();
                prop_assert_eq!(again, scopes);
            }
            Ok(_) => {}
            Err(error) => prop_assert!(error.to_string().len() < 2_000),
        }
        let _ = Scope::parse(&text);
    }

    #[test]
    fn text_and_back(scopes in proptest::collection::vec(trees(), 0..4)) {
        let parsed = parse(&serialize_allow_empty(&scopes).unwrap()).unwrap();
        prop_assert_eq!(&merge_scopes(&scopes, Vec::<Scope>::new()).unwrap(), &parsed, "merging is reading both as text");
        prop_assert_eq!(&merge_scopes(&parsed, &parsed).unwrap(), &parsed, "merging again changes nothing");
        for scope in &parsed {
            prop_assert_eq!(scope.to_string().len() as u64, scope.text_len());
            let alone = Scope::parse(&scope.to_string()).unwrap();
            prop_assert_eq!(&alone, scope);
            prop_assert_eq!(hash_of(&alone), hash_of(scope));
            prop_assert_ne!(&alone.with_dependency(&alone), scope);
        }
    }

    #[test]
    fn merging_does_not_depend_on_order(a in trees(), b in trees()) {
        let one: HashSet<_> = merge_scopes([&a], [&b]).unwrap().into_iter().collect();
        let other: HashSet<_> = merge_scopes([&b], [&a]).unwrap().into_iter().collect();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn equal_scopes_are_those_of_equal_text(a in trees(), b in trees()) {
        prop_assert_eq!(a == b, a.to_string() == b.to_string());
    }
}

#[test]
fn diamonds_are_read_but_not_printed() {
    assert!(diamonds(20).len() < 600, "a short text");
    let scopes = parse(&diamonds(20)).unwrap();
    assert!(matches!(
        serialize(&scopes),
        Err(ScopeError::TooLarge { size: 1_048_577.., .. })
    ));
    let shown = format!("{} {:?}", scopes[0], scopes[1]);
    assert!(shown.len() < 500, "{shown}");
    assert!(
        parse(&scopes[0].to_string()).is_err(),
        "what is shown instead is not taken for scopes"
    );
    assert_eq!(parse(&diamonds(20)).unwrap(), scopes);
    assert_eq!(merge_scopes(&scopes, parse(&diamonds(20)).unwrap()).unwrap(), scopes);
    assert_eq!(parse(&diamonds(200)).unwrap()[0].text_len(), u64::MAX);
    assert_ne!(parse(&diamonds(200)).unwrap(), parse(&diamonds(201)).unwrap());
    assert_eq!(parse(&diamonds(3)).unwrap()[0].to_string(), {
        let third = "[a3 b3]";
        let second = format!("[a2{third} b2{third}]");
        format!("a0[a1{second} b1{second}]")
    });
}

#[test]
fn scopes_built_on_themselves_are_not_printed() {
    let mut scope = Scope::new("s").unwrap();
    for level in 0..100 {
        scope = Scope::new(format!("s{level}"))
            .unwrap()
            .with_dependencies([&scope, &scope]);
    }
    assert!(scope.to_text().is_err());
    assert!(serialize(["a".into(), ScopeItem::from(&scope)].as_slice()).is_err());
    assert!(serde_json::to_string(&scope).is_err());
    assert_eq!(scope, scope.clone());
    assert_eq!(
        merge_scopes([&scope], [&scope]).unwrap()[0]
            .to_string()
            .matches('s')
            .count(),
        101
    );
}

#[test]
fn work_grows_with_the_text() {
    let steps = |text: &str| {
        let mut graph = parser::read(text).unwrap();
        graph.build().unwrap();
        100 * graph.steps / text.len()
    };
    for make in [diamonds as fn(usize) -> String, chain, |count| {
        "foo[bar] ".repeat(count)
    }] {
        let (few, many) = (steps(&make(100)), steps(&make(10_000)));
        assert!(many <= few, "{few} steps for each 100 bytes became {many}");
    }
    // The same for what is merged rather than read.
    let scopes = parse(&diamonds(1_000)).unwrap();
    let mut graph = Graph::default();
    for scope in scopes.iter().chain(&scopes) {
        graph.absorb(scope).unwrap();
    }
    assert!(
        graph.steps < 10 * scopes.len(),
        "{} steps for {} scopes",
        graph.steps,
        scopes.len()
    );
}

#[test]
fn deep_chains_need_no_stack() {
    let run = || {
        let text = chain(100_000);
        let scope = Scope::parse(&text).unwrap();
        assert_eq!(scope.to_text().unwrap(), text);
        assert_eq!(scope, Scope::parse(&text).unwrap());
        assert_eq!(hash_of(&scope), hash_of(&Scope::parse(&text).unwrap()));
        assert!(format!("{scope:?}").contains("s99999]"));
        let merged = merge_scopes([&scope], parse("s0 s99999[end]").unwrap()).unwrap();
        assert!(merged[0].to_text().unwrap().contains("s99999[end]"));
        drop(scope.with_optional(true).with_dependency(Scope::new("x").unwrap()));
    };
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn brackets_without_end() {
    let open = "a[".repeat(200_000);
    assert!(matches!(
        parse(&open),
        Err(ScopeError::Syntax {
            problem: SyntaxProblem::EndsInBracket,
            ..
        })
    ));
    assert!(matches!(
        parse(&"[".repeat(200_000)),
        Err(ScopeError::Syntax {
            problem: SyntaxProblem::DoubleBracket,
            position: 0,
            ..
        })
    ));
    assert!(matches!(
        parse(&format!("a{}", "]".repeat(200_000))),
        Err(ScopeError::Syntax {
            problem: SyntaxProblem::Unopened,
            position: 1,
            ..
        })
    ));
    assert!(matches!(
        parse(&" ".repeat(MAX_TEXT_LEN + 1)),
        Err(ScopeError::TooLarge { .. })
    ));
    assert_eq!(parse(&" ".repeat(MAX_TEXT_LEN)), Ok(vec![]));
}

#[test]
fn cycles_are_named() {
    let error = parse("a[b[c]] x c[*b]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a scope depends on itself: b -> c -> b; remove one of these dependencies"
    );
    let mut deep = chain(1_000);
    deep = deep.replace("s999", "s999[s0]");
    let ScopeError::Cycle { scopes, length, .. } = parse(&deep).unwrap_err() else {
        panic!("a cycle")
    };
    assert_eq!((scopes.len(), length), (16, 1_000));
    assert_eq!((scopes[0].as_str(), scopes[15].as_str()), ("s0", "s15"));
    assert!(
        parse(&deep)
            .unwrap_err()
            .to_string()
            .contains("s15 -> (984 more) -> s0;")
    );
    assert!(merge_scopes([&Scope::parse("a[b]").unwrap()], [&Scope::parse("b[a]").unwrap()]).is_err());
    let itself = Scope::new("a").unwrap().with_dependency(Scope::new("a").unwrap());
    assert_eq!(itself.to_string(), "a[a]", "built by hand, found when merged");
    assert!(merge_scopes([itself], parse("").unwrap()).is_err());
}

#[test]
fn errors_say_where_and_what_to_do() {
    let error = parse("openid é [b]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "bad scope text at byte 10 (near \"openid é [b]\"): there is a space before the '['; \
         write name[dependency] without the space"
    );
    let long = format!("{}[[{}", "é".repeat(100), "x".repeat(100));
    let ScopeError::Syntax { near, position, .. } = parse(&long).unwrap_err() else {
        panic!("syntax")
    };
    assert_eq!((near.chars().count(), position), (48, 200));
    assert_eq!(
        Scope::new("a b").unwrap_err().to_string(),
        "\"a b\" is not the name of one scope; use scopes::parse for text with spaces, '*' or brackets"
    );
    assert!(Scope::new("[".repeat(10_000)).unwrap_err().to_string().len() < 400);
    assert_eq!(
        serde_json::to_value(Scope::parse("a b").unwrap_err()).unwrap(),
        serde_json::json!({"kind": "not_one", "found": 2})
    );
    assert!(matches!(Scope::parse(" "), Err(ScopeError::NotOne { found: 0 })));
}

#[test]
fn dependencies_are_sorted_and_tops_are_not() {
    assert_eq!(texts(&parse("z a[z y *x] *z").unwrap()), ["z", "a[*x y z]", "*z"]);
    assert_eq!(Scope::parse("a[b c]").unwrap(), Scope::parse("a[c b]").unwrap());
    assert_eq!(
        texts(&parse("a*b[c*d]").unwrap()),
        ["a", "*b[*d c]"],
        "no space is needed before a star"
    );
    assert_eq!(
        texts(&parse("\ta \tb\t c\t\n").unwrap()),
        ["\ta", "\tb\t", "c"],
        "only the end of the text is trimmed"
    );
    assert_eq!(texts(&parse("a *\u{1f}b\u{1c}").unwrap()), ["a", "*b"]);
}

#[test]
fn scopes_do_not_change() {
    let original = Scope::parse("*foo[bar]").unwrap();
    assert_eq!(
        original.with_dependency(Scope::new("baz").unwrap()).to_string(),
        "*foo[bar baz]"
    );
    assert_eq!(
        original.with_dependencies(parse("b a").unwrap()).to_string(),
        "*foo[bar b a]"
    );
    assert_eq!(original.with_optional(false).to_string(), "foo[bar]");
    assert_eq!(original.with_dependencies(Vec::<Scope>::new()), original);
    assert_eq!(original.to_string(), "*foo[bar]");
    assert_eq!(format!("{original:?}"), "Scope(\"*foo[bar]\")");
    assert_eq!("foo[ bar ]".parse::<Scope>().unwrap(), original.with_optional(false));
    assert_eq!(
        serde_json::from_value::<Scope>(serde_json::to_value(&original).unwrap()).unwrap(),
        original
    );
}

#[test]
#[expect(
    clippy::needless_borrows_for_generic_args,
    reason = "borrowed collections are tried too"
)]
fn everything_that_stands_for_scopes() {
    let foo = Scope::new("foo").unwrap();
    let text = String::from("foo");
    let check = |scopes: Result<String, ScopeError>| assert_eq!(scopes.unwrap(), "foo");
    check(serialize("foo"));
    check(serialize(&text));
    check(serialize(text.clone()));
    check(serialize(&foo));
    check(serialize(foo.clone()));
    check(serialize(["foo"]));
    check(serialize(&["foo"]));
    check(serialize(&[&foo]));
    check(serialize([&foo].as_slice()));
    check(serialize(["foo"].as_slice()));
    check(serialize(vec![text.clone()]));
    check(serialize(&vec![text]));
    check(serialize(&vec!["foo"]));
    check(serialize(Some(foo.clone())));
    check(serialize(HashSet::from([foo.clone()])));
    check(serialize(&std::collections::BTreeSet::from(["foo"])));
    check(serialize([&foo].into_iter().collect::<ScopeList>()));
    check(serialize(&ScopeList::from_iter(["foo"])));
    let mut mixed: ScopeList = FlowsScopes::iter().take(1).collect();
    mixed.extend([foo.with_optional(true)]);
    mixed.extend(["b a"]);
    assert_eq!(mixed.to_text().unwrap(), format!("{} *foo b a", FlowsScopes::ALL));
    assert_eq!(mixed.to_scopes().unwrap().len(), 4);
    assert_eq!(serialize([""]), Err(ScopeError::Empty));
    assert_eq!(serialize(Vec::<Scope>::new()), Err(ScopeError::Empty));
    assert_eq!(serialize_allow_empty(None::<&str>).unwrap(), "");
    assert!(matches!(
        serialize("x".repeat(MAX_TEXT_LEN + 1)),
        Err(ScopeError::TooLarge { .. })
    ));
}

#[test]
fn nameless_scopes() {
    let empty = Scope::new("").unwrap();
    let nothing = Vec::<Scope>::new();
    let foo = Scope::new("foo").unwrap().with_dependency(&empty);
    assert_eq!(texts(&merge_scopes([&empty, &foo], &nothing).unwrap()), ["foo"]);
    assert!(matches!(
        merge_scopes([empty.with_optional(true)], &nothing),
        Err(ScopeError::InvalidName { .. })
    ));
    assert!(matches!(
        merge_scopes([empty.with_dependency(&foo)], &nothing),
        Err(ScopeError::InvalidName { .. })
    ));
}

#[test]
fn scopes_of_resources() {
    let id = "c0110000-1111-4222-8333-44444444c011";
    let flow = SpecificFlowScopes::new(id.parse::<uuid::Uuid>().unwrap()).unwrap();
    assert_eq!(
        flow.user().name(),
        format!("https://auth.globus.org/scopes/{id}/flow_c0110000_1111_4222_8333_44444444c011_user")
    );
    assert_eq!((flow.resource_server(), flow.iter().count()), (id, 1));
    let collection = GCSCollectionScopes::new(id).unwrap();
    assert_eq!(
        collection.scopes(),
        [collection.data_access().clone(), collection.https().clone()]
    );
    assert!(collection.contains(&format!("https://auth.globus.org/scopes/{id}/https")));
    let endpoint = GCSEndpointScopes::new(id).unwrap();
    assert_eq!(
        endpoint.manage_collections().name(),
        format!("urn:globus:auth:scope:{id}:manage_collections")
    );
    for more in ["x openid", "x[y]", "*x"] {
        assert!(GCSEndpointScopes::new(more).is_err(), "{more}");
        assert!(SpecificFlowScopes::new(more).is_err(), "{more}");
    }
    assert_eq!(
        url_scope("actions.globus.org", "transfer/transfer").unwrap().name(),
        "https://auth.globus.org/scopes/actions.globus.org/transfer/transfer"
    );
    assert_eq!(urn_scope("rs", "all").unwrap().name(), "urn:globus:auth:scope:rs:all");
}

#[test]
fn scopes_of_services() {
    let services: [&dyn ScopeCollection; 8] = [
        &AuthScopes,
        &ComputeScopes,
        &FlowsScopes,
        &GroupsScopes,
        &NexusScopes,
        &SearchScopes,
        &TimersScopes,
        &TransferScopes,
    ];
    let counts = services.map(|service| {
        let scopes = service.scopes();
        assert_eq!(scopes.iter().collect::<HashSet<_>>().len(), scopes.len(), "each once");
        assert!(
            scopes
                .iter()
                .all(|scope| Scope::new(scope.name()).as_ref() == Ok(scope))
        );
        assert!(scopes.iter().all(|scope| service.contains(scope.name())));
        scopes.len()
    });
    assert_eq!(counts, [10, 1, 6, 2, 1, 4, 1, 2]);
    let servers = services.map(ScopeCollection::resource_server);
    assert_eq!(servers[..3], ["auth.globus.org", "funcx_service", "flows.globus.org"]);
    assert_eq!(servers[6], "524230d7-ea86-4a52-8312-86065a9e0417");
    assert_eq!(
        FlowsScopes::RUN,
        "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/run"
    );
    assert!(!FlowsScopes.contains(FlowsScopes::WEB_INPUT_VIEW));
    assert_eq!(AuthScopes::ALL_SCOPES[..3], ["openid", "email", "profile"]);
    assert!(
        AuthScopes::iter()
            .skip(3)
            .all(|scope| scope.starts_with("urn:globus:auth:scope:auth.globus.org:"))
    );
}
