use crate::{process::Sample, spread::Spread};

/// Prints what each server came to, and each one's ratio to the first, round by round, so that a
/// machine that grows slower does not tell for or against anybody.
pub fn print(title: &str, servers: &[(&str, Vec<Sample>)]) {
    println!("\n{title}");
    println!(
        "  {:<28}{:>12}{:>10}{:>10}{:>10}{:>8}   ratio (least to most)",
        "", "req/CPU-s", "p50 us", "p99 us", "RSS MiB", "wrong"
    );
    let first = &servers[0].1;
    for (name, samples) in servers {
        let median =
            |figure: &dyn Fn(&Sample) -> f64| Spread::of(samples.iter().map(figure)).median;
        let ratio = Spread::of(
            samples
                .iter()
                .zip(first)
                .map(|(sample, first)| sample.per_cpu_second / first.per_cpu_second),
        );
        let wrong: u64 = samples.iter().map(|sample| sample.measured.wrong).sum();
        println!(
            "  {name:<28}{:>12.0}{:>10.0}{:>10.0}{:>10.1}{wrong:>8}   {:.3} ({:.3} to {:.3})",
            median(&|sample| sample.per_cpu_second),
            median(&|sample| sample.measured.p50 as f64),
            median(&|sample| sample.measured.p99 as f64),
            median(&|sample| sample.rss),
            ratio.median,
            ratio.least,
            ratio.most,
        );
    }
}
