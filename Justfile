# Every recipe is a plain command that also works without `just`.

# Serve flows.kdl with the dashboard
run *ARGS:
    cargo run --release -- {{ARGS}}

# Run the tests that need Rust alone
test:
    cargo test

# What CI runs
ci:
    .ci/run

# Measure against bare hyper and bare appends to a file, as ratios in one run
bench:
    cargo bench

# Build one static binary: target/x86_64-unknown-linux-gnu/release/hookyard
static:
    cargo build --release --config .cargo/static.toml
