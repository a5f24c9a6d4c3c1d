use super::{Exit, output};

/// `hookyard completions SHELL`: print a completion script.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(self, mut command: clap::Command) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "hookyard", &mut script);
        output::print(&String::from_utf8_lossy(&script))
    }
}
