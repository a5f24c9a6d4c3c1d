use std::{collections::HashMap, sync::Arc};

use http::HeaderValue;

use super::{
    Arm, Branch, Call, Each, Flow, Graph, Parallel, ReplyRenderer, Respond, Step, StepId, StepKind,
    Trigger, curl, shape::step_title,
};
use crate::{
    event::FlowTallies,
    expr::JsonRenderer,
    model::{self, Auth, Block, Kind, Mode, Outbound, Routes, Secret, Server, Variable},
    run::{ArmShape, FlowShape, REDACTED, StepShape, VariableShape, Veil},
};

/// What a checked configuration does not say itself and compiling needs.
#[derive(Debug)]
pub struct Resolved {
    /// The revision's short content hash.
    pub revision: Arc<str>,
    /// How the server listens, and its bounds.
    pub server: Server,
    /// Each flow's ways to prove oneself, by flow, with their secrets.
    pub auth: Vec<Vec<Auth<Secret>>>,
    /// Each flow's path, by flow: as written, or generated; `None` where it has no webhook.
    pub paths: Vec<Option<String>>,
    /// The same paths, leading to the flows' indexes.
    pub routes: Routes<usize>,
    /// The secrets that steps may name.
    pub secrets: Arc<[(String, Secret)]>,
    /// What URLs are shown with: scheme, host and path prefix, without a trailing slash.
    pub base_url: String,
    /// Where the flows find the counters that they had before.
    pub tallies: FlowTallies,
}

/// Compiles a checked configuration. Nothing can go wrong here: all that can was checked.
pub fn compile(flows: Vec<model::Flow>, resolved: Resolved) -> Graph {
    let outbound = Arc::new(resolved.server.outbound.clone());
    let veil = Arc::new(veil(&resolved.secrets));
    let mut flows: Vec<_> = flows
        .into_iter()
        .zip(resolved.auth)
        .zip(resolved.paths)
        .enumerate()
        .collect();
    // Those that are called come before those that call them.
    flows.sort_by_key(|(_, ((flow, _), _))| flow.depth);
    let mut callees = Callees::new();
    let mut compiled = Vec::with_capacity(flows.len());
    for (place, ((flow, auth), path)) in flows {
        let shared = Shared {
            secrets: Arc::clone(&resolved.secrets),
            veil: Arc::clone(&veil),
            outbound: Arc::clone(&outbound),
            tallies: resolved.tallies.clone(),
        };
        let path = path.unwrap_or_default();
        let url = match &flow.trigger {
            Some(_) => format!("{}{path}", resolved.base_url),
            None => String::new(),
        };
        let flow = Arc::new(compile_flow(flow, auth, path, url, shared, &callees));
        if flow.trigger.is_none() {
            callees.insert(Arc::clone(&flow.name), Arc::clone(&flow));
        }
        compiled.push((place, flow));
    }
    compiled.sort_by_key(|(place, _)| *place);
    let flows = compiled.into_iter().map(|(_, flow)| flow).collect();
    Graph {
        revision: resolved.revision,
        server: resolved.server,
        secrets: resolved.secrets,
        flows,
        routes: resolved.routes,
        tallies: resolved.tallies,
    }
}

/// What hides these secrets in a text.
fn veil(secrets: &[(String, Secret)]) -> Veil {
    let mut veil = Veil::new(REDACTED);
    for (_, secret) in secrets {
        veil.hide(&String::from_utf8_lossy(secret.expose()));
        veil.hide_encoded(secret.expose());
    }
    veil
}

/// The flows that may be called, by name.
type Callees = HashMap<Arc<str>, Arc<Flow>>;

/// What all flows of a graph have in common.
struct Shared {
    secrets: Arc<[(String, Secret)]>,
    veil: Arc<Veil>,
    outbound: Arc<Outbound>,
    tallies: FlowTallies,
}

fn compile_flow(
    flow: model::Flow,
    auth: Vec<Auth<Secret>>,
    path: String,
    url: String,
    shared: Shared,
    callees: &Callees,
) -> Flow {
    let trigger = flow.trigger.as_ref();
    let curl = trigger.map_or_else(String::new, |trigger| curl(trigger, &url));
    let methods: Vec<_> = trigger
        .iter()
        .flat_map(|trigger| &trigger.methods)
        .map(|method| method.as_str().to_owned())
        .collect();
    let mut compiler = Compiler {
        variables: &flow.variables,
        callees,
        steps: Vec::new(),
        shapes: Vec::new(),
    };
    let (entry, body) = compiler.block(flow.body, None);
    let (on_error, on_error_shape) = compiler.block(flow.on_error, None);
    let Compiler { steps, shapes, .. } = compiler;
    let shape = FlowShape {
        name: Arc::from(flow.name),
        sync: flow.mode == Mode::Sync,
        called: flow.trigger.is_none(),
        concurrency: flow.policy.concurrency,
        methods: methods.clone(),
        path,
        curl,
        url,
        variables: flow.variables.into_iter().map(variable_shape).collect(),
        steps: shapes,
        body,
        on_error: on_error_shape,
    };
    Flow {
        name: Arc::clone(&shape.name),
        mode: flow.mode,
        timeout: flow.timeout,
        policy: flow.policy,
        trigger: flow.trigger.map(|trigger| Trigger {
            // Methods are tokens (RFC 9110), so that their list is always a header value.
            allow: HeaderValue::from_str(&methods.join(", "))
                .unwrap_or_else(|_| HeaderValue::from_static("POST")),
            methods: trigger.methods,
            auth,
            accept: trigger.accept,
            parse: trigger.parse,
            dedupe: trigger.dedupe,
            reply: ReplyRenderer::compile(trigger.reply),
        }),
        inputs: flow.inputs,
        immediate: !steps.iter().any(|step| step.kind.waits()),
        steps,
        entry,
        on_error,
        slots: shape.variables.len(),
        secrets: shared.secrets,
        veil: shared.veil,
        outbound: shared.outbound,
        tally: shared.tallies.of(&shape),
        shape: Arc::new(shape),
    }
}

fn variable_shape(variable: Variable) -> VariableShape {
    VariableShape {
        name: variable.name,
        label: variable.label,
        source: variable.source,
        kind: variable.kind.map(Kind::name),
    }
}

/// Lays the steps out in the order of the file, so that a step's id is its place in it.
struct Compiler<'f> {
    variables: &'f [Variable],
    callees: &'f Callees,
    steps: Vec<Step>,
    shapes: Vec<StepShape>,
}

impl Compiler<'_> {
    /// Appends a block whose last step leads to `after`; gives its first step (or `after`, where
    /// it has none) and the ids of its own steps.
    fn block(&mut self, block: Block, after: Option<StepId>) -> (Option<StepId>, Vec<StepId>) {
        let mut ids = Vec::with_capacity(block.len());
        let mut next_id = self.steps.len() as StepId;
        let starts: Vec<StepId> = block
            .iter()
            .map(|step| {
                let id = next_id;
                next_id += size(step);
                id
            })
            .collect();
        for (i, step) in block.into_iter().enumerate() {
            let next = starts.get(i + 1).copied().or(after);
            ids.push(self.step(step, next));
        }
        (ids.first().copied().or(after), ids)
    }

    fn step(&mut self, step: model::Step, next: Option<StepId>) -> StepId {
        let id = self.steps.len() as StepId;
        let (kind_name, title) = step_title(&step.kind, self.variables);
        // A step's place is taken before its inner steps are laid out behind it.
        self.steps.push(Step {
            kind: StepKind::Stop,
            next,
            retry: step.retry,
            on_error: None,
            place: step.place,
        });
        self.shapes.push(StepShape {
            kind: kind_name,
            title,
            arms: Vec::new(),
            on_error: Vec::new(),
        });
        let kind = match step.kind {
            model::StepKind::Branch(branch) => StepKind::Branch(self.branch(id, branch, next)),
            model::StepKind::Respond(respond) => StepKind::Respond(Respond {
                reply: ReplyRenderer::compile(respond.reply),
                then: respond.then,
            }),
            model::StepKind::Set(values) => StepKind::Set(values),
            model::StepKind::Log(template) => StepKind::Log(template),
            model::StepKind::Delay(template) => StepKind::Delay(template),
            model::StepKind::Http(http) => {
                StepKind::Http(Box::new(http.map_json(|json| JsonRenderer::compile(&json))))
            }
            model::StepKind::Each(each) => StepKind::Each(self.each(id, each)),
            model::StepKind::Break => StepKind::Break,
            model::StepKind::Continue => StepKind::Continue,
            model::StepKind::Parallel(parallel) => StepKind::Parallel(self.parallel(id, parallel)),
            model::StepKind::Exec(exec) => StepKind::Exec(exec),
            model::StepKind::Call(call) => StepKind::Call(Box::new(self.call(*call))),
            model::StepKind::Output(value) => StepKind::Output(value),
            model::StepKind::Stop => StepKind::Stop,
            model::StepKind::Fail(template) => StepKind::Fail(template),
        };
        let on_error = if step.on_error.is_empty() {
            None
        } else {
            let (entry, ids) = self.block(step.on_error, next);
            self.shapes[id as usize].on_error = ids;
            entry
        };
        let place = &mut self.steps[id as usize];
        place.kind = kind;
        place.on_error = on_error;
        id
    }

    /// # Panics
    /// Never: the checker knows every flow that is called, and those are compiled first.
    fn call(&self, call: model::Call) -> Call {
        let flow = self.callees.get(&*call.flow).map(Arc::clone);
        let flow = flow.expect("it was compiled before");
        let mut inputs: Vec<_> = flow.inputs.iter().map(|_| None).collect();
        for (name, value) in call.inputs {
            let mut variables = flow.shape.variables.iter();
            let slot = variables.position(|variable| variable.name == name);
            if let Some(place) = slot.and_then(|slot| inputs.get_mut(slot)) {
                *place = Some(value);
            }
        }
        Call {
            flow,
            inputs,
            output: call.output,
        }
    }

    fn each(&mut self, id: StepId, each: model::Each) -> Each {
        let (entry, steps) = self.block(each.steps, None);
        let item = &self.variables[each.item as usize].name;
        let title = format!("each {item}");
        self.shapes[id as usize].arms.push(ArmShape {
            title,
            condition: None,
            steps,
        });
        Each {
            items: each.items,
            item: each.item,
            concurrency: each.concurrency,
            entry,
        }
    }

    fn parallel(&mut self, id: StepId, parallel: model::Parallel) -> Parallel {
        let mut lanes = Vec::with_capacity(parallel.lanes.len());
        for (i, lane) in parallel.lanes.into_iter().enumerate() {
            let (entry, steps) = self.block(lane.steps, None);
            let title = lane.name.unwrap_or_else(|| format!("lane {}", i + 1));
            self.shapes[id as usize].arms.push(ArmShape {
                title,
                condition: None,
                steps,
            });
            lanes.push(entry);
        }
        Parallel {
            wait: parallel.wait,
            lanes,
        }
    }

    fn branch(&mut self, id: StepId, branch: model::Branch, next: Option<StepId>) -> Branch {
        let mut arms = Vec::with_capacity(branch.arms.len());
        for arm in branch.arms {
            let (entry, steps) = self.block(arm.steps, next);
            let condition = arm.condition.text().to_owned();
            self.shapes[id as usize].arms.push(ArmShape {
                title: arm.label.unwrap_or_else(|| condition.clone()),
                condition: Some(condition),
                steps,
            });
            arms.push(Arm {
                condition: arm.condition,
                entry,
            });
        }
        let has_otherwise = branch.otherwise.is_some();
        let fallback = match branch.otherwise {
            None => next,
            Some(block) => {
                let (entry, steps) = self.block(block, next);
                self.shapes[id as usize].arms.push(ArmShape {
                    title: "otherwise".to_owned(),
                    condition: None,
                    steps,
                });
                entry
            }
        };
        Branch {
            arms,
            fallback,
            has_otherwise,
        }
    }
}

/// How many places a step takes, inner steps included.
fn size(step: &model::Step) -> StepId {
    let inner = step.kind.blocks().map(|block| block_size(block));
    1 + inner.sum::<StepId>() + block_size(&step.on_error)
}

fn block_size(block: &[model::Step]) -> StepId {
    block.iter().map(size).sum()
}
