//! What the viewer asks for.

use super::{
    Effect, Find, Focus, Inspector, Message, Overlay, Palette, Picker, Prompt, Reading, Screen,
    State,
};
use crate::{
    dashboard::{Left, action::Action},
    observe::Filter,
};

impl State {
    /// Does what a key asks for, and says what is left to do.
    pub fn act(&mut self, action: Action) -> Option<Effect> {
        if self.message.as_ref().is_some_and(Message::goes_with_a_key) {
            self.message = None;
        }
        match action {
            Action::Quit | Action::Interrupt if !self.link.is_servers_own() => {
                return Some(Effect::Leave(Left::Detached));
            }
            Action::Quit => self.overlay = Some(Overlay::Quit),
            Action::Interrupt if self.overlay == Some(Overlay::Quit) => {
                return Some(Effect::Leave(Left::Quit));
            }
            Action::Interrupt => {
                self.prompt = None;
                self.inspector.find = None;
                self.overlay = Some(Overlay::Quit);
            }
            Action::Confirm => return self.confirm(),
            Action::Decline => self.overlay = None,
            Action::Redraw => return Some(Effect::Redraw),
            Action::Suspend if !self.link.is_servers_own() => {
                self.say("q detaches, and the server goes on".to_owned());
            }
            Action::Suspend => self.say(
                "Ctrl-Z would stop the server too: detach with tmux or screen instead".to_owned(),
            ),
            Action::Mouse => return Some(self.toggle_mouse()),
            Action::Click(target) => self.click(target),
            Action::Wheel(target, rows) => self.wheel(target, rows),
            Action::Palette => self.overlay = Some(Overlay::Palette(Palette::default())),
            Action::Help => self.toggle(Reading::Help),
            Action::Diagnostics => {
                if self.rejected.is_some() || self.complaint.is_some() {
                    self.toggle(Reading::Diagnostics);
                } else {
                    self.say(format!("nothing is wrong with {}", self.file));
                }
            }
            Action::Rerouted => match &self.rerouted {
                Some(rerouted) if !rerouted.is_all_the_same() => {
                    // Whoever reads it need not be told of it.
                    let news = self.rerouted_news(rerouted);
                    self.message
                        .take_if(|said| news.is_some_and(|news| said.is(&news)));
                    self.toggle(Reading::Rerouted);
                }
                Some(rerouted) => self.say(rerouted.summary()),
                None => self.say("no requests were compared since the last reload".to_owned()),
            },
            Action::Flows => {
                self.overlay = None;
                self.go_to(match self.screen {
                    Screen::Flows => Screen::Live,
                    _ => Screen::Flows,
                });
            }
            Action::Span => self.flows.span = self.flows.span.next(),
            Action::NextScreen => self.go_to(self.screen.step(1)),
            Action::PreviousScreen => self.go_to(self.screen.step(Screen::ALL.len() - 1)),
            Action::GoTo(screen) => self.go_to(screen),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::CopyUrl => return self.copy(|flow| flow.url.clone()),
            Action::CopyCurl => return self.copy(|flow| flow.curl.clone()),
            Action::Acts => {
                self.overlay = match self.overlay {
                    Some(Overlay::Acts(_)) => None,
                    _ => Some(Overlay::Acts(0)),
                };
            }
            Action::Choose => return self.choose(),
            Action::CopyRequestCurl => return self.copy_request_curl(),
            Action::CopyRequestUrl => return self.copy_request_url(),
            Action::CopyBody => return self.copy_body(),
            Action::CopyRecord => return self.copy_record(),
            Action::DraftParse => self.draft_parse(),
            Action::DraftTest => self.draft_test(),
            Action::Mark => self.mark(),
            Action::Compare => self.compare(),
            Action::Resend => return self.resend(),
            Action::GoToRun => self.go_to_begun(),
            Action::More => return self.ask_for_more(),
            Action::EditRequest => return self.edit_request(),
            Action::DryRun => return self.dry_run(),
            Action::Tick => self.pick(Picker::tick),
            Action::TickAll => self.pick(Picker::tick_all),
            Action::Take => return self.take_shown(),
            Action::FlowText => return self.ask_flow_text(),
            Action::Dead => return self.dead(),
            Action::FilterFlow => {
                if let Some(flow) = self.flow() {
                    self.list.filter = Filter::flow(&flow.name);
                    self.list.follow();
                    self.focus = Focus::List;
                    self.go_to(Screen::Live);
                }
            }
            Action::Filter if self.focus == Focus::Inspector && self.screen == Screen::Live => {
                self.inspector.find = Some(Find {
                    typed: true,
                    ..Find::default()
                });
            }
            Action::FindNext => self.find(1),
            Action::FindPrevious => self.find(-1),
            Action::Unfold => self.turn(Inspector::unfold),
            Action::Filter => {
                self.prompt = Some(Prompt::open(&self.list.filter));
                self.focus = Focus::List;
            }
            Action::Apply => return self.apply_typed(),
            Action::Type(c) => self.edit(|text| text.push(c)),
            Action::Erase => self.edit(|text| {
                text.pop();
            }),
            Action::EraseWord => self.edit(|text| {
                let end = text.trim_end().rfind(' ').map_or(0, |at| at + 1);
                text.truncate(end);
            }),
            Action::EraseAll => self.edit(String::clear),
            Action::Errors => {
                self.list.filter = self.list.filter.toggle_errors();
                self.focus = Focus::List;
            }
            Action::Back => self.back(),
            Action::List => match self.screen {
                Screen::Flows => self.flows.focus = Focus::List,
                _ => self.focus = Focus::List,
            },
            Action::Freeze => self.list.freeze(),
            Action::Follow => {
                // The newest run is not in a list that stands still.
                self.list.thaw();
                self.list.follow();
            }
            Action::Open => self.open(),
            Action::Inspect => match self.screen {
                Screen::Flows => self.flows.focus = Focus::Inspector,
                _ => self.inspect(),
            },
            Action::NextTab => self.turn(|inspector| inspector.turn(1)),
            Action::PreviousTab => self.turn(|inspector| inspector.turn(6)),
            Action::Show(tab) => self.turn(|inspector| inspector.show(tab)),
            Action::ScrollDown => self.turn(|inspector| inspector.scroll(1)),
            Action::ScrollUp => self.turn(|inspector| inspector.scroll(-1)),
            Action::Down => self.go(1),
            Action::Up => self.go(-1),
            Action::PageDown => self.go(self.screenful()),
            Action::PageUp => self.go(-self.screenful()),
            Action::First => self.go(isize::MIN),
            Action::Last => self.go(isize::MAX),
        }
        None
    }

    pub(super) fn toggle(&mut self, reading: Reading) {
        self.overlay = match &self.overlay {
            Some(Overlay::Reading(open, _)) if *open == reading => None,
            _ => Some(Overlay::Reading(reading, Default::default())),
        };
    }
}
