use super::{Exit, output};

/// `hookyard man`: print the manual page.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Man {}

impl Man {
    pub fn run(self, command: clap::Command) -> Exit {
        let mut page = Vec::new();
        match clap_mangen::Man::new(command).render(&mut page) {
            Ok(()) => output::print(&String::from_utf8_lossy(&page)),
            Err(error) => output::fail(&error.to_string()),
        }
    }
}
