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

# Measure against bare hyper, as ratios in one run
bench:
    cargo bench

# Build one static binary: target/x86_64-unknown-linux-gnu/release/hookyard
#
# By itself the crate for random numbers looks for the system call in a dynamic library, finds
# none, and needs /dev/urandom instead.
static:
    RUSTFLAGS='-C target-feature=+crt-static --cfg getrandom_backend="linux_getrandom"' cargo build --release --target x86_64-unknown-linux-gnu
