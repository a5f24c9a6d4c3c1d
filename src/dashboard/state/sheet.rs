use super::{Scroll, Taken};
use crate::{
    dashboard::{
        compare::Comparison,
        page::{Page, Tone, comparison},
    },
    observe::Tried,
    run::RunId,
};

/// What was made for the viewer, to read and maybe to copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    title: String,
    content: Content,
    scroll: Scroll,
    // The columns that it is laid out for.
    columns: Option<usize>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Content {
    Taken(Taken),
    Comparison(Comparison),
    Told(String),
    Tried(Tried),
    Begun { text: String, run: RunId },
}

impl Sheet {
    /// A text to copy.
    pub(super) fn taken_from(title: String, taken: Taken) -> Self {
        Self::new(title, Content::Taken(taken))
    }

    /// Two runs.
    pub(super) fn comparison(comparison: Comparison) -> Self {
        Self::new("Two runs".to_owned(), Content::Comparison(comparison))
    }

    /// What the server answered.
    pub(super) fn told(title: String, text: String) -> Self {
        Self::new(title, Content::Told(text))
    }

    /// Which way an edited request would go.
    pub(super) fn tried(tried: Tried) -> Self {
        Self::new(tried.title.clone(), Content::Tried(tried))
    }

    /// That a run was done again.
    pub(super) fn begun(title: String, text: String, run: RunId) -> Self {
        Self::new(title, Content::Begun { text, run })
    }

    fn new(title: String, content: Content) -> Self {
        Self {
            title,
            content,
            scroll: Scroll::default(),
            columns: None,
        }
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What of it can be copied, if anything.
    pub fn taken(&self) -> Option<&Taken> {
        match &self.content {
            Content::Taken(taken) => Some(taken),
            _ => None,
        }
    }

    /// The answer about an edited request, where it is one.
    pub fn as_tried(&self) -> Option<&Tried> {
        match &self.content {
            Content::Tried(tried) => Some(tried),
            _ => None,
        }
    }

    /// The new run, where it is the answer that there is one.
    pub fn begun_run(&self) -> Option<RunId> {
        match &self.content {
            Content::Begun { run, .. } => Some(*run),
            _ => None,
        }
    }

    /// Which part of it is in sight.
    pub fn scroll(&self) -> &Scroll {
        &self.scroll
    }

    pub(super) fn go(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn fit(&mut self, (columns, rows): (usize, usize)) {
        if self.columns != Some(columns) {
            let page = match &self.content {
                Content::Taken(Taken { text, .. })
                | Content::Told(text)
                | Content::Begun { text, .. }
                | Content::Tried(Tried { text, .. }) => {
                    let mut page = Page::default();
                    page.text(Tone::Plain, 0, text);
                    page
                }
                Content::Comparison(two) => comparison(two, columns),
            };
            self.scroll.set(page, columns);
            self.columns = Some(columns);
        }
        self.scroll.bound(rows);
    }
}
