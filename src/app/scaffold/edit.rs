//! Lines -> into the text of a file. Whatever is there stays, byte for byte, but for blanks just
//! inside the braces of a block that was on one line.

use super::flow::{Flow, Place};

/// The text with the lines in the `parse` of a flow, which is created where it is not there.
pub(super) fn edited(text: &str, flow: &Flow, lines: &[String]) -> String {
    let edit = Edit {
        text,
        newline: if text.contains("\r\n") { "\r\n" } else { "\n" },
        unit: unit(text, flow),
    };
    match &flow.parse {
        Some(parse) => edit.fill(parse, lines),
        None => {
            let inner = lines.iter().map(|line| format!("{}{line}", edit.unit));
            let block: Vec<String> = ["parse {".to_owned()]
                .into_iter()
                .chain(inner)
                .chain(["}".to_owned()])
                .collect();
            edit.fill(&flow.webhook, &block)
        }
    }
}

/// One step of the file's indentation: from the flow to what is in it.
fn unit(text: &str, flow: &Flow) -> String {
    let outer = indentation(text, flow.head.start);
    let inner = indentation(text, flow.webhook.head.start);
    match inner.strip_prefix(outer) {
        Some(unit) if !unit.is_empty() => unit.to_owned(),
        _ => "    ".to_owned(),
    }
}

struct Edit<'t> {
    text: &'t str,
    newline: &'static str,
    unit: String,
}

impl Edit<'_> {
    /// Puts lines at the end of a node's block.
    fn fill(&self, node: &Place, lines: &[String]) -> String {
        let base = indentation(self.text, node.head.start);
        let indent = node
            .children
            .iter()
            .find(|start| starts_line(self.text, **start))
            .map_or_else(
                || format!("{base}{}", self.unit),
                |start| indentation(self.text, *start).to_owned(),
            );
        let newline = self.newline;
        let lines: String = lines
            .iter()
            .map(|line| format!("{indent}{line}{newline}"))
            .collect();
        match node.block {
            None => self.new_block(node.head.end, base, &lines),
            Some(block) => self.in_block(block.start, block.end - 1, base, &indent, &lines),
        }
    }

    fn in_block(&self, open: usize, close: usize, base: &str, indent: &str, lines: &str) -> String {
        let newline = self.newline;
        let inside = &self.text[open + 1..close];
        if !inside.contains('\n') {
            // All on one line: it is broken up.
            let kept = match inside.trim() {
                "" => String::new(),
                kept => format!("{indent}{kept}{newline}"),
            };
            return self.replaced(open + 1, close, &format!("{newline}{kept}{lines}{base}"));
        }
        let start = line_start(self.text, close);
        if starts_line(self.text, close) {
            return self.replaced(start, start, lines);
        }
        // Something stands in front of the brace, on its line.
        let kept = self.text[..close].trim_end_matches([' ', '\t']).len();
        self.replaced(kept, close, &format!("{newline}{lines}{base}"))
    }

    /// Gives a block to a node that has none.
    fn new_block(&self, head_end: usize, base: &str, lines: &str) -> String {
        let newline = self.newline;
        let rest = &self.text[head_end..];
        let line_end = rest.find('\n').map_or(rest.len(), |length| length + 1);
        let line = rest[..line_end].trim();
        if !(line.is_empty() || line.starts_with("//")) {
            let block = format!(" {{{newline}{lines}{base}}}");
            return self.replaced(head_end, head_end, &block);
        }
        // A comment stays on the line that it is about.
        let (line, below) = rest.split_at(line_end);
        let line = if line.ends_with('\n') {
            line.to_owned()
        } else {
            format!("{line}{newline}")
        };
        format!(
            "{} {{{line}{lines}{base}}}{newline}{below}",
            &self.text[..head_end]
        )
    }

    fn replaced(&self, start: usize, end: usize, with: &str) -> String {
        format!("{}{with}{}", &self.text[..start], &self.text[end..])
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Whether nothing but blanks stands in front of a place on its line.
fn starts_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].trim().is_empty()
}

/// The blanks at the start of the line that a place is on.
fn indentation(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..at];
    let rest = line.trim_start_matches([' ', '\t']);
    &line[..line.len() - rest.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::scaffold::flow, diagnostic::Report, syntax};

    fn edit(text: &str) -> String {
        let flow_of = |text: &str| {
            let mut report = Report::new();
            let tree = syntax::read_text("flows.kdl", text, &mut report);
            assert!(report.is_empty(), "{:?}\n{text}", report.lines());
            flow::find(&tree, "x").unwrap()
        };
        let lines = ["body \"a\" // 1".to_owned(), "query \"b\"".to_owned()];
        let before = flow_of(text);
        let edited = edited(text, &before, &lines);
        let after = flow_of(&edited);
        assert!(before.there.is_subset(&after.there), "{edited}");
        assert_eq!(after.there.len(), before.there.len() + 2, "{edited}");
        edited
    }

    #[test]
    fn lines_follow_the_lines_that_are_there_and_their_indentation() {
        assert_eq!(
            edit(
                "flow \"x\" {\n  webhook \"/x\" { // here\n    parse {\n      header \"h\"   // one\n      // the end\n    }\n  }\n  stop\n}\n"
            ),
            "flow \"x\" {\n  webhook \"/x\" { // here\n    parse {\n      header \"h\"   // one\n      // the end\n      body \"a\" // 1\n      query \"b\"\n    }\n  }\n  stop\n}\n"
        );
    }

    #[test]
    fn a_block_on_one_line_is_broken_up() {
        assert_eq!(
            edit("flow \"x\" {\n\twebhook {\n\t\tparse { header \"h\"; header \"i\" }\n\t}\n}\n"),
            "flow \"x\" {\n\twebhook {\n\t\tparse {\n\t\t\theader \"h\"; header \"i\"\n\t\t\tbody \"a\" // 1\n\t\t\tquery \"b\"\n\t\t}\n\t}\n}\n"
        );
        assert_eq!(
            edit("flow \"x\" {\n    webhook { parse {} }\n}\n"),
            "flow \"x\" {\n    webhook { parse {\n        body \"a\" // 1\n        query \"b\"\n    } }\n}\n"
        );
    }

    #[test]
    fn a_brace_behind_something_gets_a_line_of_its_own() {
        assert_eq!(
            edit(
                "flow \"x\" {\n    webhook {\n        parse {\n            header \"h\" }\n    }\n}\n"
            ),
            "flow \"x\" {\n    webhook {\n        parse {\n            header \"h\"\n            body \"a\" // 1\n            query \"b\"\n        }\n    }\n}\n"
        );
    }

    #[test]
    fn a_webhook_without_parse_gets_one_at_its_end() {
        assert_eq!(
            edit("flow \"x\" {\n    webhook \"/x\" {\n        accept \"form\"\n    }\n}\n"),
            "flow \"x\" {\n    webhook \"/x\" {\n        accept \"form\"\n        parse {\n            body \"a\" // 1\n            query \"b\"\n        }\n    }\n}\n"
        );
    }

    #[test]
    fn a_webhook_without_a_block_gets_one_and_keeps_its_comment() {
        let block = "        parse {\n            body \"a\" // 1\n            query \"b\"\n        }\n    }";
        for (before, after) in [
            (
                "flow \"x\" {\n    webhook \"/x\"   // here\n    stop\n}\n",
                format!("flow \"x\" {{\n    webhook \"/x\" {{   // here\n{block}\n    stop\n}}\n"),
            ),
            (
                "flow \"x\" {\n    webhook\n    stop\n}\n",
                format!("flow \"x\" {{\n    webhook {{\n{block}\n    stop\n}}\n"),
            ),
            (
                "flow \"x\" {\n    webhook; stop\n}\n",
                format!("flow \"x\" {{\n    webhook {{\n{block}; stop\n}}\n"),
            ),
            (
                "flow \"x\" {\n    webhook \"/x\" /* here */\n    stop\n}\n",
                format!("flow \"x\" {{\n    webhook \"/x\" {{\n{block} /* here */\n    stop\n}}\n"),
            ),
        ] {
            assert_eq!(edit(before), after);
        }
        assert_eq!(
            edit("flow \"x\" { webhook }"),
            "flow \"x\" { webhook {\n    parse {\n        body \"a\" // 1\n        query \"b\"\n    }\n} }"
        );
        assert_eq!(
            edit("flow \"x\" {\n    webhook {\n        parse // none yet\n    }\n}"),
            "flow \"x\" {\n    webhook {\n        parse { // none yet\n            body \"a\" // 1\n            query \"b\"\n        }\n    }\n}"
        );
    }

    #[test]
    fn lines_end_as_the_lines_of_the_file_do() {
        let edited = edit("flow \"x\" {\r\n    webhook\r\n}\r\n");
        assert_eq!(
            edited,
            "flow \"x\" {\r\n    webhook {\r\n        parse {\r\n            body \"a\" // 1\r\n            query \"b\"\r\n        }\r\n    }\r\n}\r\n"
        );
    }

    #[test]
    fn what_is_commented_out_is_passed_over() {
        let edited = edit(
            "/- flow \"x\" { webhook; }\nflow \"x\" {\n    /- webhook \"/old\"\n    webhook {\n        /- parse {\n            header \"h\"\n        }\n    }\n}\n",
        );
        assert!(
            edited.ends_with("        }\n        parse {\n            body \"a\" // 1\n            query \"b\"\n        }\n    }\n}\n"),
            "{edited}"
        );
    }
}
