use crate::observe::{Filter, FilterError};

/// A filter that is being typed.
#[derive(Clone, PartialEq, Debug)]
pub struct Prompt {
    text: String,
    read: Result<Filter, FilterError>,
    /// What was in force before, and goes on being as long as the text is no filter.
    before: Filter,
}

impl Prompt {
    /// Longer than any screen is wide, and than anybody types.
    const LONGEST: usize = 256;

    /// What is typed is another word of the filter there is.
    pub(super) fn open(filter: &Filter) -> Self {
        let mut prompt = Self {
            text: filter.as_str().trim_end().to_owned(),
            read: Ok(filter.clone()),
            before: filter.clone(),
        };
        if !prompt.text.is_empty() {
            prompt.edit(|text| text.push(' '));
        }
        prompt
    }

    /// Changes what is typed.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.text);
        let end = self.text.char_indices().nth(Self::LONGEST);
        self.text
            .truncate(end.map_or(self.text.len(), |(at, _)| at));
        self.read = Filter::parse(&self.text);
    }

    /// The filter in force.
    pub(super) fn filter(&self) -> &Filter {
        self.read.as_ref().unwrap_or(&self.before)
    }

    /// What is typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Why what is typed is no filter, where it is none.
    pub fn error(&self) -> Option<&FilterError> {
        self.read.as_ref().err()
    }
}
