use crate::{
    cli::time::took,
    observe::{
        SHOWN_BODY, TRUNCATED, UNKEPT, WITHIN, lane, neutral, read_spent, round, unkept_steps,
    },
    run::{Value, micros, shortened},
};

/// How long a value may be in a line, in characters.
const VALUE: usize = 400;

/// The story of a run as a person reads it. Whatever a sender wrote is made harmless.
pub(super) fn story(record: &Value) -> String {
    let mut story = Story::default();
    story.head(record);
    story.request(&record["request"]);
    story.variables(&record["variables"]);
    story.steps(record);
    story.response(&record["response"]);
    story.text
}

#[derive(Default)]
struct Story {
    text: String,
}

impl Story {
    fn line(&mut self, indent: usize, text: &str) {
        self.text += &" ".repeat(indent);
        self.text += &neutral(text);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    fn section(&mut self, name: &str) {
        self.text.push('\n');
        self.line(0, name);
    }

    fn head(&mut self, record: &Value) {
        self.line(0, &format!("run {}", plain(&record["id"])));
        let spent = read_spent(record).map(|spent| spent.told(|time| took(micros(time))));
        let time = |name: &str| record[name].as_u64().map(took);
        let interruptions = record["interruptions"].as_u64();
        for (name, value) in [
            ("flow", record["flow"].as_str().map(str::to_owned)),
            ("continues", record["continues"].as_str().map(str::to_owned)),
            (
                match record["edited"].as_bool() {
                    Some(true) => "an edited copy of ",
                    _ => "replay of",
                },
                record["replay_of"].as_str().map(str::to_owned),
            ),
            ("replayed as", replayed_as(&record["replayed_as"])),
            ("status", record["status"].as_str().map(str::to_owned)),
            ("waits", record["waits"].as_str().map(str::to_owned)),
            (
                "error",
                record["error"]["message"].as_str().map(str::to_owned),
            ),
            ("received", record["received"].as_str().map(str::to_owned)),
            (
                "answered",
                time("answered_us").map(|time| format!("after {time}")),
            ),
            ("took", time("duration_us")),
            ("of that", spent),
            ("due", record["due"].as_str().map(str::to_owned)),
            (
                "interrupted",
                interruptions
                    .filter(|count| *count > 0)
                    .map(|count| match count {
                        1 => "once".to_owned(),
                        count => format!("{count} times"),
                    }),
            ),
            ("revision", record["revision"].as_str().map(str::to_owned)),
        ] {
            if let Some(value) = value {
                self.line(2, &format!("{name:<12}{value}"));
            }
        }
    }

    fn request(&mut self, request: &Value) {
        self.section("request");
        if request.is_null() {
            return self.line(2, "it was not kept");
        }
        let [method, target, peer] = ["method", "target", "peer"].map(|name| plain(&request[name]));
        self.line(2, &format!("{method} {target} from {peer}"));
        self.message(request);
    }

    fn response(&mut self, response: &Value) {
        if response.is_null() {
            return;
        }
        self.section("response");
        self.line(2, &plain(&response["status"]));
        self.message(response);
    }

    /// Headers and body.
    fn message(&mut self, message: &Value) {
        for pair in message["headers"].as_array().into_iter().flatten() {
            self.line(2, &format!("{}: {}", plain(&pair[0]), plain(&pair[1])));
        }
        let body = plain(&message["body"]);
        if !body.is_empty() {
            self.text.push('\n');
        }
        let shown = body.floor_char_boundary(SHOWN_BODY);
        for line in body[..shown].lines() {
            self.line(2, line);
        }
        if shown < body.len() {
            let more = body.len() - shown;
            return self.line(
                2,
                &format!("… ({more} bytes more are kept: --json has them)"),
            );
        }
        if message[TRUNCATED] == Value::Bool(true) {
            let all = message["bytes"].as_u64();
            let all = all.map_or_else(String::new, |all| format!(" of {all} bytes"));
            self.line(2, &format!("… (the rest{all} was not kept)"));
        }
    }

    fn variables(&mut self, variables: &Value) {
        let Some(variables) = variables.as_object().filter(|all| !all.is_empty()) else {
            return;
        };
        self.section("variables");
        for (name, value) in variables {
            self.line(2, &format!("{name} = {}", short(value)));
        }
    }

    fn steps(&mut self, record: &Value) {
        if let Some(done) = record["done"].as_u64() {
            self.section("steps");
            let told = match done {
                0 => "none with an effect is done yet".to_owned(),
                1 => "1 with an effect is done, and is not done again".to_owned(),
                count => format!("{count} with an effect are done, and are not done again"),
            };
            return self.line(2, &told);
        }
        let taken = record["taken"].as_array().into_iter().flatten();
        let steps = record["steps"].as_array().map_or(&[][..], Vec::as_slice);
        if record["detailed"] == Value::Bool(false) {
            self.section("path (the steps were not recorded, too many runs came at once)");
            let is_branch =
                |taken: &&Value| taken["kind"].as_str().is_none_or(|kind| kind == "branch");
            for taken in taken.filter(is_branch) {
                self.line(
                    2,
                    &format!("{} → {}", arm(&taken["branch"]), arm(&taken["arm"])),
                );
            }
        } else if !steps.is_empty() {
            self.section("steps");
            self.list(0, steps);
        }
    }

    /// Steps in the rounds and lanes that they ran in, and where some of them are missing.
    fn list(&mut self, outside: usize, steps: &[Value]) {
        let mut around: &[Value] = &[];
        for step in steps {
            if let Some(count) = step[UNKEPT].as_u64() {
                self.line(outside + 2, &unkept_steps(count));
                // Where they were is as good as left.
                around = &[];
            }
            let within = step[WITHIN].as_array().map_or(&[][..], Vec::as_slice);
            let shared = within.iter().zip(around);
            let shared = shared.take_while(|(one, other)| one == other).count();
            for (depth, part) in within.iter().enumerate().skip(shared) {
                self.line(outside + 4 + 2 * depth, &self::part(part));
            }
            around = within;
            self.step(outside + 2 * within.len(), step);
        }
    }

    /// A step, and behind it those of the flow that it called, so far indented.
    fn step(&mut self, outside: usize, step: &Value) {
        let mut title = plain(&step["kind"]);
        if let Some(name) = step["title"].as_str().filter(|name| !name.is_empty()) {
            title += &format!(" {name}");
        }
        let at = took(step["started_us"].as_u64().unwrap_or_default());
        let length = took(step["took_us"].as_u64().unwrap_or_default());
        self.line(outside + 2, &format!("+{at:<9} {title}  ({length})"));
        let detail = &step["detail"];
        for condition in detail["conditions"].as_array().into_iter().flatten() {
            let result = match condition["result"].as_bool() {
                Some(true) => "yes",
                Some(false) => "no",
                None => "undecided",
            };
            self.line(
                outside + 13,
                &format!("{}: {result}", plain(&condition["condition"])),
            );
            for operand in condition["operands"].as_array().into_iter().flatten() {
                let value = match &operand["value"] {
                    Value::Null => "absent".to_owned(),
                    value => short(value),
                };
                self.line(
                    outside + 15,
                    &format!("{} = {value}", plain(&operand["text"])),
                );
            }
        }
        match plain(&step["kind"]).as_str() {
            "branch" if step["error"].is_null() => {
                self.line(outside + 13, &format!("→ {}", arm(&detail["taken"])));
            }
            "set" => {
                for (name, value) in detail.as_object().into_iter().flatten() {
                    self.line(outside + 13, &format!("{name} = {}", short(value)));
                }
            }
            _ => {}
        }
        if let Some(text) = detail["text"].as_str() {
            for line in text.lines() {
                self.line(outside + 13, line);
            }
        }
        if let Some(action) = detail["action"].as_str() {
            self.line(outside + 13, action);
            match detail["attempts"].as_u64() {
                Some(tries) if tries > 1 => self.line(outside + 13, &format!("{tries} tries")),
                _ => {}
            }
        }
        if let Some(steps) = detail["steps"].as_array() {
            self.list(outside + 2, steps);
        }
        if !detail["output"].is_null() {
            self.line(outside + 13, &format!("→ {}", short(&detail["output"])));
        }
        if let Some(error) = step["error"].as_str() {
            self.line(outside + 13, &format!("failed: {error}"));
        }
    }
}

/// The runs that it was done again as.
fn replayed_as(runs: &Value) -> Option<String> {
    let runs: Vec<_> = runs.as_array()?.iter().map(plain).collect();
    (!runs.is_empty()).then(|| runs.join(", "))
}

/// A round or a lane.
fn part(part: &Value) -> String {
    match part["round"].as_u64() {
        Some(number) => round(number, part.get("item")),
        None => lane(&plain(&part["name"])),
    }
}

/// A text as it is, and anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn arm(value: &Value) -> &str {
    value.as_str().unwrap_or("no arm")
}

/// A value as JSON, cut.
fn short(value: &Value) -> String {
    shortened(&value.to_string(), VALUE).into_owned()
}
