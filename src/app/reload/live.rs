use std::{sync::Arc, time::Duration, time::SystemTime};

use tokio::task::JoinSet;

use super::Look;
use crate::{
    app::{
        assemble::{Assembled, base_url},
        memory,
        origin::Origin,
        replay::Today,
        revisions::Revisions,
        whatif::AfterReload,
    },
    diagnostic::{Diagnostic, Report, Severity, Style},
    event::{Event, Loaded, Reason, Rejected},
    graph::Graph,
    http::{Listener, Server, World},
    model::Listen,
};

/// What is served, and how it is told.
#[derive(Debug)]
pub(crate) struct Live {
    world: Arc<World>,
    revisions: Arc<Revisions>,
    after_reload: AfterReload,
    file: String,
    origin: Origin,
    /// How long requests in flight may take at an address that is left.
    grace: Duration,
    servers: Vec<Bound>,
    /// At addresses that were left: requests in flight are finished there.
    leaving: JoinSet<bool>,
    /// A sound configuration, one of whose addresses is taken.
    waiting: Option<Box<Assembled>>,
}

/// An address, as configured, and the server that listens there.
#[derive(Debug)]
struct Bound {
    wanted: Listen,
    actual: Listen,
    server: Server,
}

impl Live {
    /// Starts to serve the graph of `world`, and tells so.
    pub fn start(
        world: Arc<World>,
        revisions: Arc<Revisions>,
        after_reload: AfterReload,
        listeners: Vec<(Listen, Listener)>,
        file: String,
        origin: Origin,
        grace: Duration,
    ) -> Self {
        let mut live = Self {
            world,
            revisions,
            after_reload,
            file,
            origin,
            grace,
            servers: Vec::new(),
            leaving: JoinSet::new(),
            waiting: None,
        };
        live.set_policies(&live.world.graph.load());
        live.serve_at(listeners);
        live.tell_loaded(&live.world.graph.load(), None);
        live
    }

    /// Takes in what a look at the configuration came to: what is sound goes live, all else leaves
    /// everything as it was.
    pub async fn take(&mut self, look: Look) {
        match look {
            Look::Unchanged => {
                // The address may be free by now, though no file changed.
                if let Some(waiting) = self.waiting.take()
                    && let Err((waiting, _)) = self.put_live(waiting).await
                {
                    self.waiting = Some(waiting);
                }
            }
            Look::Unstable => {
                tracing::warn!("{} keeps changing; it is read again later", self.file);
            }
            Look::Broken(report) => {
                self.waiting = None;
                self.tell_rejected(Reason::Broken, &report);
            }
            Look::Sound(assembled, report) => {
                self.waiting = None;
                log(&report);
                if let Err((assembled, why)) = self.put_live(assembled).await {
                    let mut report = Report::new();
                    report.push(
                        Diagnostic::without_span(why)
                            .help("it is tried again until it can be, or the file changes"),
                    );
                    self.tell_rejected(Reason::Blocked, &report);
                    self.waiting = Some(assembled);
                }
            }
        }
    }

    /// Says something that the operator should read.
    pub fn notice(&self, notice: String) {
        tracing::warn!("{notice}");
        self.world.bus.publish(Event::Notice(notice.into()));
    }

    /// Takes no new connections, and waits for the requests in flight, at most for `grace`.
    /// Whether all were finished.
    pub async fn drained(mut self, grace: Duration) -> bool {
        for bound in &self.servers {
            bound.server.stop_accepting();
        }
        for bound in self.servers {
            self.leaving.spawn(bound.server.drained(grace));
        }
        let mut is_whole = true;
        // Those that were left before have had a part of their time already.
        while let Some(drained) = self.leaving.join_next().await {
            is_whole &= drained.unwrap_or(false);
        }
        is_whole
    }

    /// Binds what is new, swaps the graph, and leaves what is old: in this order, so that there
    /// is no moment at which a request finds nobody. An address where nobody accepts any more is
    /// bound anew. Gives back what cannot go live, and why.
    async fn put_live(
        &mut self,
        assembled: Box<Assembled>,
    ) -> Result<(), (Box<Assembled>, String)> {
        self.leave_if(|bound| !bound.server.is_accepting());
        let wanted = assembled.server().listen.clone();
        let new: Vec<_> = wanted
            .iter()
            .filter(|listen| !self.servers.iter().any(|bound| bound.wanted == **listen))
            .cloned()
            .collect();
        let here = self.servers.iter().map(|bound| bound.actual.clone());
        let here: Vec<_> = here.collect();
        let listeners = match bind_all(&new, &here).await {
            Ok(listeners) => listeners,
            Err(why) => return Err((assembled, why)),
        };
        // Only now: what cannot be bound is not to be the last good revision of the next start.
        if let Err(why) = self.revisions.keep(&assembled).await {
            return Err((assembled, why));
        }
        let kept = self
            .servers
            .iter()
            .map(|bound| (&bound.wanted, bound.actual.clone()));
        let bound = listeners
            .iter()
            .map(|(wanted, listener)| (wanted, listener.place()));
        let places: Vec<_> = kept.chain(bound).collect();
        let actual: Vec<_> = wanted
            .iter()
            .filter_map(|listen| places.iter().find(|(wanted, _)| *wanted == listen))
            .map(|(_, actual)| actual.clone())
            .collect();
        let base_url = base_url(assembled.server(), &actual);
        let origin = assembled.origin().clone();
        let row = self.revisions.row(&assembled);
        // Thousands of flows take their time, which no request shall wait for.
        let assembled = assembled.counted_by(self.world.bus.flows());
        let compiled = tokio::task::spawn_blocking(move || Arc::new(assembled.compile(base_url)));
        let Ok(graph) = compiled.await else {
            tracing::error!("compiling panicked; the old revision goes on being served");
            return Ok(());
        };
        self.set_policies(&graph);
        let before = self.world.graph.swap(Arc::clone(&graph));
        self.revisions.forget_graphs();
        self.origin = origin;
        self.serve_at(listeners);
        self.leave_if(|bound| !wanted.contains(&bound.wanted));
        self.tell_loaded(&graph, Some(&before));
        self.after_reload.reloaded(Today::served(graph, row));
        tokio::task::spawn_blocking(move || {
            drop(before);
            memory::give_back();
        });
        Ok(())
    }

    fn set_policies(&self, graph: &Graph) {
        for flow in &graph.flows {
            self.world.queue.set_policy(&flow.name, flow.policy);
        }
    }

    fn serve_at(&mut self, listeners: Vec<(Listen, Listener)>) {
        for (wanted, listener) in listeners {
            self.servers.push(Bound {
                wanted,
                actual: listener.place(),
                server: Server::start(listener, Arc::clone(&self.world)),
            });
        }
    }

    fn leave_if(&mut self, is_left: impl Fn(&Bound) -> bool) {
        // What was left long ago need not be remembered.
        while self.leaving.try_join_next().is_some() {}
        for i in (0..self.servers.len()).rev() {
            if is_left(&self.servers[i]) {
                let left = self.servers.remove(i).server;
                left.stop_accepting();
                self.leaving.spawn(left.drained(self.grace));
            }
        }
    }

    fn tell_loaded(&self, graph: &Graph, before: Option<&Graph>) {
        let places: Vec<_> = self
            .servers
            .iter()
            .map(|bound| bound.actual.to_string())
            .collect();
        let listening = places.join(", ");
        let loaded = Loaded {
            revision: Arc::clone(&graph.revision),
            at: SystemTime::now(),
            file: self.file.clone(),
            files: self.origin.files.clone(),
            is_kept: self.origin.is_kept,
            commit: self.origin.commit.clone(),
            flows: graph
                .flows
                .iter()
                .map(|flow| Arc::clone(&flow.shape))
                .collect(),
            listening: places,
        };
        let what = loaded.what();
        // First, so that whoever comes upon the line in the log is told of this revision.
        self.world.bus.publish(Event::Loaded(Arc::new(loaded)));
        tracing::info!(
            revision = &*graph.revision,
            flows = graph.flows.len(),
            listening,
            "{what} {}",
            if before.is_some() {
                "reloaded"
            } else {
                "is being served"
            },
        );
        let Some(before) = before else {
            return;
        };
        let new = names_missing_in(before, graph);
        if !new.is_empty() {
            tracing::info!(flows = new, "newly served");
        }
        // Last, so that it is what a viewer is left with.
        let gone = names_missing_in(graph, before);
        if !gone.is_empty() {
            tracing::warn!(flows = gone, "no longer served");
            let notice = format!("no longer served: {gone}");
            self.world.bus.publish(Event::Notice(notice.into()));
        }
    }

    fn tell_rejected(&self, reason: Reason, report: &Report) {
        let revision = &self.world.graph.load().revision;
        tracing::error!(
            errors = report.error_count(),
            revision = &**revision,
            "{} {reason}; the revision before it goes on being served",
            self.file
        );
        log(report);
        let first = report
            .diagnostics()
            .iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error);
        self.world.bus.publish(Event::Rejected(Arc::new(Rejected {
            reason,
            at: SystemTime::now(),
            location: first
                .and_then(|first| first.span)
                .map(|span| report.location(span)),
            message: first.map_or_else(String::new, |first| first.message.clone()),
            errors: report.error_count(),
            rendered: report.render(Style::default()),
        })));
    }
}

/// Logs what there is to tell of a configuration, each as bad as it is.
fn log(report: &Report) {
    for (severity, line) in report.told() {
        match severity {
            Severity::Error => tracing::error!("{line}"),
            Severity::Warning => tracing::warn!("{line}"),
        }
    }
}

/// Binds addresses: all of them, or none, while `here` are listened on.
///
/// # Errors
/// The sentence says which one cannot be bound, and why.
pub(crate) async fn bind_all(
    places: &[Listen],
    here: &[Listen],
) -> Result<Vec<(Listen, Listener)>, String> {
    let mut listeners = Vec::with_capacity(places.len());
    for place in places {
        let bound = Listener::bind_beside(place, here).await;
        listeners.push((place.clone(), bound.map_err(|error| error.to_string())?));
    }
    Ok(listeners)
}

/// The flows of `all` that `graph` has not.
fn names_missing_in(graph: &Graph, all: &Graph) -> String {
    let known: std::collections::HashSet<_> = graph.flows.iter().map(|flow| &flow.name).collect();
    let missing = all.flows.iter().map(|flow| &flow.name);
    missing
        .filter(|name| !known.contains(name))
        .map(|name| &**name)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests;
