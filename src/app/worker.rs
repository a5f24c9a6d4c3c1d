use std::{
    future::pending,
    mem,
    panic::resume_unwind,
    sync::Arc,
    time::{Duration, Instant},
};

use smallvec::SmallVec;
use tokio::{
    sync::watch,
    task::{JoinError, JoinHandle, JoinSet, spawn_blocking},
    time::{sleep, timeout, timeout_at},
};

use super::{
    account::Account, journal::ClaimJournal, no_graph::NoGraph, redactor::redactor,
    revisions::Revisions,
};
use crate::{
    engine::{self, Ended, is_process},
    event::{Event, Parked, Started},
    graph::{Flow, Graph},
    http::{World, to_input},
    observe::{Redactor, has_large_body},
    queue::{Claim, Finish},
    run::{FlowShape, Outcome, RunError, RunRecord},
    store::CrashPoint,
};

/// Walks the runs that were accepted, in their turn.
#[derive(Debug)]
pub(super) struct Workers {
    /// Whether all that was claimed came to its end, or was put aside.
    claiming: JoinHandle<bool>,
    tell: watch::Sender<Told>,
}

/// What the workers are told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Told {
    Go,
    /// To begin nothing more.
    Finish,
    /// To give back what they are at.
    CutOff,
}

impl Workers {
    /// Starts to claim runs.
    pub fn start(world: Arc<World>, revisions: Arc<Revisions>) -> Self {
        let (tell, told) = watch::channel(Told::Go);
        let claiming = tokio::spawn(claim_all(world, revisions, told));
        Self { claiming, tell }
    }

    /// Claims nothing more, and waits for the runs that are being walked. What is not done by
    /// `deadline` goes back to the queue, as does what was not begun: the next process goes on
    /// with it. Whether none was cut off.
    pub async fn finish(mut self, deadline: Instant) -> bool {
        self.tell.send_replace(Told::Finish);
        let finished = match timeout_at(deadline.into(), &mut self.claiming).await {
            Ok(finished) => Ok(finished),
            Err(_) => {
                self.tell.send_replace(Told::CutOff);
                timeout(LAST_WRITES, self.claiming).await
            }
        };
        matches!(finished, Ok(Ok(true)))
    }
}

/// How a worker left a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Walked {
    /// It ended, or waits for its time.
    Done,
    /// It went back to the queue in the middle of it.
    CutOff,
}

/// How long the store may take to take runs back.
const LAST_WRITES: Duration = Duration::from_secs(2);

/// Between two attempts to read a revision from a store that fails.
const RETRY: Duration = Duration::from_millis(250);

async fn claim_all(
    world: Arc<World>,
    revisions: Arc<Revisions>,
    mut told: watch::Receiver<Told>,
) -> bool {
    // As many as the queue hands out.
    let mut walks = JoinSet::new();
    let mut is_whole = true;
    loop {
        let claim = tokio::select! {
            claim = world.queue.claim() => claim,
            _ = told.wait_for(|told| *told >= Told::Finish) => None,
        };
        let Some(claim) = claim else { break };
        walks.spawn(do_one(
            Arc::clone(&world),
            Arc::clone(&revisions),
            claim,
            told.clone(),
        ));
        while let Some(walked) = walks.try_join_next() {
            is_whole &= is_not_cut_off(walked);
        }
    }
    while let Some(walked) = walks.join_next().await {
        is_whole &= is_not_cut_off(walked);
    }
    is_whole
}

/// Of a walk that panicked, too: its claim says that it was interrupted.
fn is_not_cut_off(walked: Result<Walked, JoinError>) -> bool {
    !matches!(walked, Ok(Walked::CutOff))
}

async fn do_one(
    world: Arc<World>,
    revisions: Arc<Revisions>,
    claim: Claim,
    mut told: watch::Receiver<Told>,
) -> Walked {
    if claim.is_cancelled() {
        // No step is tried again, which would end what the one before it left over.
        for (_, process) in claim.recalled().iter().filter(|(key, _)| is_process(key)) {
            engine::end_leftover(process).await;
        }
    }
    let graph = tokio::select! {
        biased;
        graph = graph_of(&world, &revisions, &claim) => Some(graph),
        _ = told.wait_for(|told| *told >= Told::Finish) => None,
    };
    let Some(graph) = graph else {
        claim.give_back().await;
        return Walked::Done;
    };
    let flow = graph.and_then(|graph| {
        let mut flows = graph.flows.iter();
        let flow = flows.find(|flow| flow.name == claim.entry.flow);
        flow.cloned()
            .ok_or_else(|| format!("there is no flow {:?} in it", claim.entry.flow))
    });
    let flow = flow.and_then(|flow| match claim.entry.continues {
        Some(rest) if rest.from as usize >= flow.steps.len() => {
            Err("the step that it goes on at is not there".to_owned())
        }
        _ => Ok(flow),
    });
    match flow {
        Ok(flow) => walk(&world, &flow, claim, told).await,
        Err(why) => match claim.why_cancelled() {
            Some(cancelled) => {
                let why = cancelled.to_string();
                end(&world, claim, None, Outcome::Cancelled, &why).await
            }
            None => end(&world, claim, None, Outcome::Dead, &why).await,
        },
    }
}

/// The graph that accepted a run, however long the store cannot be read.
///
/// # Errors
/// There never will be one; the sentence says why.
async fn graph_of(
    world: &World,
    revisions: &Revisions,
    claim: &Claim,
) -> Result<Arc<Graph>, String> {
    let mut is_told = false;
    loop {
        let served = world.graph.load_full();
        if served.revision == claim.entry.revision {
            return Ok(served);
        }
        let why = match revisions.graph(&claim.entry.revision, &served).await {
            Ok(graph) => return Ok(graph),
            Err(NoGraph::Never(why)) => return Err(why),
            Err(NoGraph::NotYet(why)) => why,
        };
        if !mem::replace(&mut is_told, true) {
            let (flow, run) = (&*claim.entry.flow, claim.entry.id);
            tracing::warn!(flow, %run, "{why}; the run waits until its revision can be read");
        }
        sleep(RETRY).await;
    }
}

/// Ends a run that does not begin.
async fn end(
    world: &World,
    mut claim: Claim,
    flow: Option<&Flow>,
    outcome: Outcome,
    why: &str,
) -> Walked {
    let served = world.graph.load_full();
    let redactor = redactor(&served.secrets);
    let told = redactor
        .about(&claim.entry.request, None)
        .text(why)
        .into_owned();
    tracing::warn!(flow = &*claim.entry.flow, run = %claim.entry.id, %outcome, "{told}");
    let spent = Account::open(&claim).map(|account| account.spent());
    let entry = &mut claim.entry;
    // Of a flow that is not known any more, the name is.
    let shape = flow.map_or_else(
        || Arc::new(FlowShape::named(Arc::clone(&entry.flow))),
        |flow| Arc::clone(&flow.shape),
    );
    let record = RunRecord {
        id: entry.id,
        continues: entry.continues.map(|rest| rest.run),
        replay_of: entry.replay_of,
        flow: Some(shape),
        revision: Arc::clone(&entry.revision),
        duration: entry.request.received.elapsed().unwrap_or_default(),
        answered: None,
        spent,
        request: entry.request.clone(),
        outcome,
        error: Some(RunError {
            step: None,
            message: why.to_owned(),
        }),
        variables: mem::take(&mut entry.variables),
        taken: SmallVec::new(),
        steps: Vec::new(),
        reply: Some(entry.reply.clone()),
        detailed: true,
        cut: Default::default(),
    };
    let record = finish(claim, &redactor, record).await;
    // One that was never looked up is counted at what has its name today.
    let mut flows = served.flows.iter().map(|flow| &**flow);
    let named = |flow: &&Flow| record.flow.as_ref().is_some_and(|it| it.name == flow.name);
    if let Some(flow) = flow.or_else(|| flows.find(named)) {
        flow.tally.count(outcome, &[]);
    }
    world.bus.end(record);
    Walked::Done
}

/// Ends a run, with its story, which is given back.
async fn finish(claim: Claim, redactor: &Redactor, record: RunRecord) -> RunRecord {
    if record.outcome == Outcome::Cancelled {
        CrashPoint::Cancelled.pass();
    }
    let (finish, record) = kept(redactor, record).await;
    claim.finish(finish).await;
    record
}

/// What is kept of a record. Of a large one it takes so long to find out that no request must wait
/// for it.
async fn kept(redactor: &Redactor, record: RunRecord) -> (Finish, RunRecord) {
    if !has_large_body(&record) {
        return (to_finish(redactor, &record), record);
    }
    let redactor = redactor.clone();
    let redacting = spawn_blocking(move || (to_finish(&redactor, &record), record));
    match redacting.await.map_err(JoinError::try_into_panic) {
        Ok(kept) => kept,
        Err(Ok(panic)) => resume_unwind(panic),
        // The process ends, and this with it.
        Err(Err(_)) => pending().await,
    }
}

fn to_finish(redactor: &Redactor, record: &RunRecord) -> Finish {
    let kept = redactor.kept(record);
    Finish {
        outcome: record.outcome,
        duration: record.duration,
        error: kept["error"]["message"].as_str().map(str::to_owned),
        record: kept.to_string(),
    }
}

async fn walk(
    world: &World,
    flow: &Flow,
    mut claim: Claim,
    mut told: watch::Receiver<Told>,
) -> Walked {
    // One that is to end does nothing that could take its process with it.
    if !flow.immediate
        && !claim.is_cancelled()
        && let Err(dead) = claim.begin().await
    {
        return end(world, claim, Some(flow), Outcome::Dead, &dead.to_string()).await;
    }
    let account = Account::open(&claim);
    let now = Instant::now();
    let waited = claim.entry.request.received.elapsed().unwrap_or_default();
    let began = now.checked_sub(waited).unwrap_or(now);
    let input = to_input(&mut claim.entry, began);
    let walking = world.bus.walk(Started {
        id: claim.entry.id,
        flow: Arc::clone(&flow.shape),
        at: claim.entry.request.received,
    });
    let journal = ClaimJournal::of(&claim, &walking);
    let ended = tokio::select! {
        ended = engine::resume(flow, input, &world.means, &journal) => Some(ended),
        _ = told.wait_for(|told| *told == Told::CutOff) => None,
    };
    let finished = match ended {
        Some(Ended::Finished(finished)) => finished,
        Some(Ended::Parked(pause)) => {
            if let Some(account) = account {
                account.keep(&claim, Some(pause.due)).await;
            }
            let parked = Parked {
                id: claim.entry.id,
                flow: Arc::clone(&flow.shape),
                at: claim.entry.request.received,
                due: pause.due,
            };
            claim.park(pause.due, pause.wait).await;
            world.bus.publish(Event::Parked(parked));
            return Walked::Done;
        }
        None => {
            if let Some(account) = account {
                account.keep(&claim, None).await;
            }
            claim.give_back().await;
            return Walked::CutOff;
        }
    };
    // A sync flow answers by itself, though nobody hears it where it is run again.
    let is_answered = claim.entry.continues.is_some();
    let sent = finished.reply.clone().filter(|_| !is_answered);
    let sent = sent.unwrap_or_else(|| claim.entry.reply.clone());
    finished.count(flow);
    let spent = account.map(|account| account.spent());
    let mut record = finished.into_record(flow, &sent, began.elapsed());
    record.spent = spent;
    let record = finish(claim, &redactor(&flow.secrets), record).await;
    world.bus.end(record);
    Walked::Done
}
