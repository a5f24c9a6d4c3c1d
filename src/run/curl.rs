use super::shell_word;

/// A command for a shell that sends a request by curl.
#[derive(Clone, Debug)]
pub struct Curl(String);

impl Curl {
    /// Begins it. It shows the head of the answer, too.
    pub fn new(method: &str, has_data: bool) -> Self {
        let mut curl = Self("curl -i".to_owned());
        // With data, curl posts without being told.
        if method != "POST" || !has_data {
            curl.add("-X", method);
        }
        curl
    }

    /// Adds an option and its value.
    pub fn add(&mut self, option: &str, value: &str) {
        self.0 += &format!(" {option} {}", shell_word(value));
    }

    /// Ends it with where the request goes.
    pub fn to(self, url: &str) -> String {
        // curl takes brackets in a URL for a pattern.
        let globbing = if url.contains(['[', '{']) { " -g" } else { "" };
        format!("{}{globbing} {}", self.0, shell_word(url))
    }
}
