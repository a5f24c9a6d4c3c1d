use crate::{load::Measured, spread::Spread};

/// Prints what each came to, and each one's rate as a ratio to the first, round by round, so that
/// a machine or a disk that grows slower does not tell for or against anybody.
pub fn print(title: &str, what: &str, all: &[(&str, Vec<Measured>)]) {
    println!("\n{title}");
    println!(
        "  {:<28}{:>12}{:>10}{:>10}{:>10}{:>8}   ratio (least to most)",
        "", what, "p50 us", "p99 us", "max us", "wrong"
    );
    let rate = |measured: &Measured| measured.requests as f64 / measured.seconds;
    let first = &all[0].1;
    for (name, rounds) in all {
        let median =
            |figure: &dyn Fn(&Measured) -> f64| Spread::of(rounds.iter().map(figure)).median;
        let ratio = Spread::of(
            rounds
                .iter()
                .zip(first)
                .map(|(measured, first)| rate(measured) / rate(first)),
        );
        let wrong: u64 = rounds.iter().map(|measured| measured.wrong).sum();
        println!(
            "  {name:<28}{:>12.0}{:>10.0}{:>10.0}{:>10.0}{wrong:>8}   {:.3} ({:.3} to {:.3})",
            median(&rate),
            median(&|measured| measured.p50 as f64),
            median(&|measured| measured.p99 as f64),
            median(&|measured| measured.max as f64),
            ratio.median,
            ratio.least,
            ratio.most,
        );
    }
}
