/// A line of folded JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Folded<'t> {
    /// As it is laid out.
    Line(&'t str),
    /// In the place of members that are not shown.
    More {
        /// How far it stands in.
        indent: usize,
        /// How many there are.
        count: usize,
    },
}

struct Container {
    members: usize,
    hidden: bool,
}

/// JSON that was laid out in lines, with no more than so many members of any list or object.
pub fn folded(json: &str, most: usize) -> Vec<Folded<'_>> {
    let mut lines = Vec::new();
    let mut open: Vec<Container> = Vec::new();
    for line in json.lines() {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        // No string begins or ends a line with a bracket: it has its quotes.
        if inner.starts_with(['}', ']']) {
            let Some(closed) = open.pop() else { continue };
            if closed.hidden {
                continue;
            }
            let count = closed.members.saturating_sub(most);
            if count > 0 {
                let indent = indent + 2;
                lines.push(Folded::More { indent, count });
            }
            lines.push(Folded::Line(line));
            continue;
        }
        let hidden = open.last_mut().is_some_and(|container| {
            container.members += 1;
            container.hidden || container.members > most
        });
        if !hidden {
            lines.push(Folded::Line(line));
        }
        if inner.ends_with(['{', '[']) {
            open.push(Container { members: 0, hidden });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::indent::indented;

    fn shown(json: &str, most: usize) -> Vec<String> {
        let json = indented(json.as_bytes()).unwrap();
        folded(&json, most)
            .into_iter()
            .map(|line| match line {
                Folded::Line(line) => line.to_owned(),
                Folded::More { indent, count } => format!("{}… {count} more", " ".repeat(indent)),
            })
            .collect()
    }

    #[test]
    fn every_list_and_object_is_folded_on_its_own() {
        assert_eq!(
            shown(
                r#"{"a":[1,2,3,4],"b":{"c":[[1,2,3]],"d":"{","e":"]"},"f":{"g":[]}}"#,
                2
            ),
            [
                "{",
                "  \"a\": [",
                "    1,",
                "    2,",
                "    … 2 more",
                "  ],",
                "  \"b\": {",
                "    \"c\": [",
                "      [",
                "        1,",
                "        2,",
                "        … 1 more",
                "      ]",
                "    ],",
                "    \"d\": \"{\",",
                "    … 1 more",
                "  },",
                "  … 1 more",
                "}",
            ]
        );
    }

    #[test]
    fn what_is_short_is_left_alone() {
        for json in ["1", "[]", "[1,2]", r#"{"a":{"b":[1,{}]}}"#] {
            let laid_out = indented(json.as_bytes()).unwrap();
            assert_eq!(shown(json, 2).join("\n"), laid_out);
        }
    }
}
