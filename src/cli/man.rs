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
    top.render_synopsis_section(&mut page)?;
    top.render_description_section(&mut page)?;
    top.render_options_section(&mut page)?;
    sections(&command, &mut page)?;
    top.render_extra_section(&mut page)?;
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
    let mut parts = Vec::new();
    own.render_synopsis_section(&mut parts)?;
    own.render_description_section(&mut parts)?;
    own.render_options_section(&mut parts)?;
    own.render_extra_section(&mut parts)?;
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let parts = String::from_utf8_lossy(&parts).replace(".SH ", ".SS ");
    Ok(format!(".SH {}\n{parts}", name.to_uppercase()))
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
                "EXTRA",
                "VERSION",
            ]
        );
        assert!(page.contains("A paste\\-ready curl command for each flow"));
        assert!(!page.contains("(1)"), "{page}");
    }
}
