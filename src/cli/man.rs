use std::io;

use super::{Exit, output};

/// `hookyard man`: print the manual page.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Man {}

impl Man {
    pub fn run(self, command: clap::Command) -> Exit {
        match page(command) {
            Ok(page) => output::print(&page),
            Err(error) => output::fail(&error.to_string()),
        }
    }
}

/// One page that has everything: each command is a section, since it has no page of its own.
fn page(mut command: clap::Command) -> io::Result<String> {
    command.build();
    let mut page = Vec::new();
    let top = clap_mangen::Man::new(command.clone());
    top.render_title(&mut page)?;
    top.render_name_section(&mut page)?;
    page.extend_from_slice(synopsis(&command).as_bytes());
    top.render_description_section(&mut page)?;
    top.render_options_section(&mut page)?;
    sections(&command, &mut page)?;
    page.extend_from_slice(after_help(&command).as_bytes());
    top.render_version_section(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The commands of a command, each with those that it has itself behind it.
fn sections(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    for command in command.get_subcommands() {
        if command.get_name() != "help" {
            page.extend_from_slice(section(command)?.as_bytes());
            sections(command, page)?;
        }
    }
    Ok(())
}

/// A command's own page as a section: what heads sections there heads parts of it.
fn section(command: &clap::Command) -> io::Result<String> {
    let own = clap_mangen::Man::new(command.clone());
    let mut parts = synopsis(command).into_bytes();
    own.render_description_section(&mut parts)?;
    own.render_options_section(&mut parts)?;
    parts.extend_from_slice(after_help(command).as_bytes());
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let parts = String::from_utf8_lossy(&parts).replace(".SH ", ".SS ");
    Ok(format!(".SH {}\n{parts}", name.to_uppercase()))
}

/// How a command is called, as its help says it: the page's own way has no values.
fn synopsis(command: &clap::Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage);
    let lines = usage.lines().map(|line| roff(line.trim()));
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    format!(".SH SYNOPSIS\n{}\n", lines.join("\n.br\n"))
}

/// What stands below a command's help: a heading, and paragraphs, of which indented ones keep their
/// lines. Nothing where there is nothing.
fn after_help(command: &clap::Command) -> String {
    let Some(text) = command.get_after_help().map(ToString::to_string) else {
        return String::new();
    };
    let (heading, text) = text.split_once(":\n").unwrap_or(("Notes", &text));
    let heading = match heading {
        // As manual pages call them.
        "Exit codes" => "EXIT STATUS".to_owned(),
        heading => heading.to_uppercase(),
    };
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let lines: Vec<_> = paragraph.lines().map(roff).collect();
        let lines = lines.join("\n");
        if paragraph.starts_with(' ') {
            format!(".nf\n{lines}\n.fi\n")
        } else {
            format!("{lines}\n")
        }
    });
    let paragraphs: Vec<_> = paragraphs.collect();
    format!(".SH {heading}\n{}", paragraphs.join(".PP\n"))
}

/// A line that is nothing but text.
fn roff(line: &str) -> String {
    let line = line
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('\'', "\\(aq");
    // What begins like this would be a request.
    if line.starts_with('.') {
        format!("\\&{line}")
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_one_page_has_each_command_with_its_options_and_names_no_other_page() {
        let page = page(crate::cli::Cli::command()).unwrap();
        let sections: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "))
            .collect();
        assert_eq!(
            sections,
            [
                "NAME",
                "SYNOPSIS",
                "DESCRIPTION",
                "OPTIONS",
                "HOOKYARD RUN",
                "HOOKYARD CHECK",
                "HOOKYARD URLS",
                "HOOKYARD PARSE",
                "HOOKYARD RUNS",
                "HOOKYARD RUNS SHOW",
                "HOOKYARD RUNS CANCEL",
                "HOOKYARD RUNS PURGE",
                "HOOKYARD REPLAY",
                "HOOKYARD ATTACH",
                "HOOKYARD TAIL",
                "HOOKYARD COMPLETIONS",
                "HOOKYARD MAN",
                "EXIT STATUS",
                "VERSION",
            ]
        );
        assert!(page.contains("A paste\\-ready curl command for each flow"));
        assert!(!page.contains("(1)"), "{page}");
        let parts: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SS "))
            .filter(|part| !["SYNOPSIS", "DESCRIPTION", "OPTIONS", "SUBCOMMANDS"].contains(part))
            .collect();
        assert_eq!(parts, ["EXAMPLES"], "nothing stands under a bare heading");
    }

    #[test]
    fn a_command_is_called_as_its_help_says_with_the_values_that_it_takes() {
        let page = page(crate::cli::Cli::command()).unwrap();
        for called in [
            "hookyard [OPTIONS] [FILE]\n.br\nhookyard <COMMAND>",
            "hookyard runs cancel [OPTIONS] <ID>...",
            "hookyard replay [OPTIONS] <ID|\\-\\-dead|\\-\\-since <TIME>>",
        ] {
            assert!(page.contains(&format!(" SYNOPSIS\n{called}\n")), "{called}");
        }
    }

    #[test]
    fn examples_keep_their_lines_and_what_is_said_of_them_does_not() {
        let command = clap::Command::new("a")
            .after_help("Examples:\n  a 'b' --c\n  .d \\\n\nWhat is said of\nthem.");
        assert_eq!(
            after_help(&command),
            ".SH EXAMPLES\n.nf\n  a \\(aqb\\(aq \\-\\-c\n  .d \\e\n.fi\n.PP\nWhat is said of\nthem.\n"
        );
        assert_eq!(roff(".so"), "\\&.so");
        assert_eq!(after_help(&clap::Command::new("a")), "");
    }
}
