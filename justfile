# Each recipe is what continuous integration runs, so that "it works here" means something.
# Needs https://just.systems; without it, copy the lines.

# List the recipes.
default:
    @just --list --unsorted

# The fastest question: does it compile?
check:
    cargo check --workspace --all-targets

# Formatting is not discussed: rustfmt decides.
fmt:
    cargo fmt --all

# Warnings are errors in continuous integration; here they are, before it finds them.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# Everything that is tested, the examples in the documentation included.
test:
    cargo test --workspace

# rustdoc with warnings as errors: a broken link is a bug.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# The main job against a local Globus: what a newcomer runs first.
demo:
    cargo demo

# A Globus on this machine to develop against.
emulator port="9700":
    cargo run --package globus-emulator -- serve --port {{port}}

# Write the pages of docs/ that are generated; continuous integration fails when they are stale.
generate:
    cargo xtask generate

# Modules import downwards only. The compiler does not check that; this does.
arrows:
    cargo xtask arrows

# Declared, matching and missing operations, client by client. Run `just test` first for the vectors' column.
parity:
    cargo xtask parity

# Licences, advisories, sources. Needs `cargo install --locked cargo-deny` (some minutes).
deny:
    cargo deny check

# All of it, as continuous integration does it.
ci:
    .ci/run
