//! Short words for numbers and times, and text cut to columns.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::run::Extent;
pub use crate::run::{duration_text as duration, timestamp_shown as timestamp};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to so many columns; what is cut ends in `…`.
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let (head, _) = split(text, columns - 1);
    Cow::Owned(format!("{head}…"))
}

/// The text, cut or filled up with blanks to exactly so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    let mut text = fit(text, columns).into_owned();
    text.extend(std::iter::repeat_n(
        ' ',
        columns - width(&text).min(columns),
    ));
    text
}

/// The same with the blanks in front.
pub fn pad_left(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    format!("{}{text}", " ".repeat(columns - width(&text).min(columns)))
}

/// The text in two, the first at most so many columns wide.
pub fn split(text: &str, columns: usize) -> (&str, &str) {
    let mut end = 0;
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        end = at + c.len_utf8();
    }
    // Single characters can be wider than the whole: emoji are joined from several.
    text.split_at(end)
}

/// How long something has been, in two words at most: `3s`, `2m`, `5h 3m`, `12d 4h`.
pub fn age(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{minutes}m"),
        3_600..86_400 => format!("{hours}h {}m", minutes % 60),
        _ => format!("{days}d {}h", hours % 24),
    }
}

/// The time of day in UTC, as the logs have it; of what is older than a day, how old it is.
/// Eight columns.
pub fn clock(at: SystemTime, now: SystemTime) -> String {
    let days = now.duration_since(at).unwrap_or_default().as_secs() / 86_400;
    if days > 0 {
        return format!("{days}d ago");
    }
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() % 86_400;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Date and time in UTC, to the minute.
pub fn minute(at: SystemTime) -> String {
    let all = timestamp(at);
    let seconds = all.rfind(':').unwrap_or(all.len());
    format!("{} UTC", &all[..seconds])
}

/// A number of bytes.
pub fn bytes(count: usize) -> String {
    match count {
        1 => "1 byte".to_owned(),
        0..1_024 => format!("{count} bytes"),
        1_024..1_048_576 => format!("{:.1} KiB", count as f64 / 1_024.0),
        _ => format!("{:.1} MiB", count as f64 / 1_048_576.0),
    }
}

/// How much of a body is there, where that is not all of it: `cut: 64.0 KiB of 2.9 MiB`.
pub fn cut(there: usize, extent: Extent) -> Option<String> {
    let there = bytes(there);
    match extent {
        Extent::Whole => None,
        Extent::Beginning(Some(all)) => Some(format!("cut: {there} of {}", bytes(all))),
        Extent::Beginning(None) => Some(format!("cut: its first {there}")),
    }
}

/// A count to about three digits: `999`, `1.2k`, `34k`, `5.6M`.
pub fn count(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..10_000 => format!("{}.{}k", count / 1_000, count % 1_000 / 100),
        10_000..1_000_000 => format!("{}k", count / 1_000),
        _ => format!("{}.{}M", count / 1_000_000, count % 1_000_000 / 100_000),
    }
}

/// Requests a second.
pub fn rate(rate: f64) -> String {
    match rate {
        0.0..9.95 => format!("{rate:.1}/s"),
        _ => format!("{}/s", count(rate as u64)),
    }
}

/// A share from 0 to 1 as a percentage; what is there at all is never 0.
pub fn percent(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0%".to_owned(),
        p if p < 0.1 => "<0.1%".to_owned(),
        p if p < 10.0 => format!("{p:.1}%"),
        p => format!("{p:.0}%"),
    }
}

/// So many of all: `1 of 7` where all are so few that a percentage would say more than is known.
pub fn share(count: u64, of: u64) -> String {
    if of < 20 {
        return format!("{count} of {of}");
    }
    percent(count as f64 / of as f64)
}

/// `1 run`, `2 runs`.
pub fn plural(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_columns_not_characters() {
        assert_eq!(fit("価格表", 6), "価格表");
        assert_eq!(fit("価格表", 5), "価格…");
        assert_eq!(fit("価格表", 4), "価…");
        assert_eq!(pad("価格表", 4), "価… ");
        assert_eq!(pad_left("ab", 4), "  ab");
        assert_eq!(fit("abc", 0), "");
        assert_eq!(pad("abc", 1), "…");
    }

    #[test]
    fn the_rest_is_short_too() {
        assert_eq!(age(Duration::from_secs(90_000)), "1d 1h");
        assert_eq!(cut(65_536, Extent::Whole), None);
        assert_eq!(
            [Some(3_000_031), None].map(|all| cut(65_536, Extent::Beginning(all))),
            ["cut: 64.0 KiB of 2.9 MiB", "cut: its first 64.0 KiB"].map(|cut| Some(cut.to_owned()))
        );
        assert_eq!(count(1_234), "1.2k");
        assert_eq!(percent(0.0001), "<0.1%");
        assert_eq!(
            [share(1, 1), share(1, 19), share(1, 20)],
            ["1 of 1", "1 of 19", "5.0%"]
        );
        assert_eq!(rate(0.25), "0.2/s");
        assert_eq!(rate(1_234.0), "1.2k/s");
        let at = UNIX_EPOCH + Duration::from_millis(1_763_953_964_123);
        assert_eq!(timestamp(at), "2025-11-24 03:12:44.123 UTC");
        assert_eq!(clock(at, at), "03:12:44");
        assert_eq!(clock(at, at + Duration::from_secs(260_000)), "3d ago");
    }
}
