use super::{json, names::Presence, reply, scalar, variable};
use crate::{
    diagnostic::{Diagnostic, Report, Span, did_you_mean, nearest},
    expr::{self, Path, Segment},
    model::{
        Absence, BodySource, Kind, MAX_QUERY_BRACKETS, MAX_QUERY_INDEX, ParseEntry, ParseSource,
        Route, Variable, WITHHELD_HEADERS,
    },
    run::Value,
    syntax::{Fields, Node, Scalar},
};

/// The lines of `parse`, each with the variable it fills.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub entries: Vec<ParseEntry>,
    pub variables: Vec<(Variable, Presence)>,
    spans: Vec<Span>,
    /// Whether a slip hides the name of a variable.
    pub is_unsure: bool,
}

/// `parse { header "…"; query "…"; body "…"; path "…" }`.
pub(super) fn parse(node: Node, route: Option<&Route>, report: &mut Report) -> Parsed {
    const SOURCES: [&str; 4] = ["header", "query", "body", "path"];
    let mut parsed = Parsed::default();
    let mut fields = node.open();
    let mut plain = 0;
    for child in fields.children() {
        let mut line = child.open();
        match &*line.name.text {
            "header" | "query" | "body" | "path" => {
                entry(&mut line, route, &mut plain, &mut parsed, report);
                line.finish(report);
            }
            other => {
                let mut diagnostic = Diagnostic::error(
                    line.name.span,
                    format!("`parse` cannot read from `{other}`"),
                );
                let near = nearest(other, SOURCES);
                diagnostic = match near {
                    Some(near) => diagnostic.help(did_you_mean(near)),
                    None => diagnostic.help("there are `header`, `query`, `body` and `path`"),
                };
                report.push(diagnostic);
                match near {
                    Some(near) => {
                        line.name.text = near.to_owned();
                        entry(&mut line, route, &mut plain, &mut parsed, report);
                        line.finish(report);
                    }
                    None => parsed.is_unsure = true,
                }
            }
        }
    }
    fields.finish(report);
    parsed
}

fn entry(
    line: &mut Fields,
    route: Option<&Route>,
    plain: &mut u32,
    parsed: &mut Parsed,
    report: &mut Report,
) {
    let word = line.name.text.clone();
    let what = match &*word {
        "header" => "the header's name",
        "path" => "the name of a `{parameter}` of the webhook's path",
        _ => "a path, like \"order.id\"",
    };
    let place = line.expect_argument(report, what);
    // All properties are asked for before anything can end the line, so that none is a leftover.
    let as_name = line.property("as");
    let label = line.property("label");
    let kind = line.property("type");
    let required = line.property("required");
    let default = line.property("default");
    let as_list = if word == "header" {
        line.property("as-list")
    } else {
        None
    };

    let as_list = as_list
        .and_then(|value| scalar::boolean(&value, "`as-list`", report))
        .unwrap_or(false);
    let source = place
        .as_ref()
        .and_then(|place| source(&word, place, route, as_list, plain, report));
    let kind = kind.and_then(|value| self::kind(&value, report));
    let absence = absence(kind, required.as_ref(), default.as_ref(), report);
    let label = scalar::title(label, "`label`", report);
    let name = place
        .as_ref()
        .and_then(|place| name(place, as_name.as_ref(), source.as_ref(), report));
    let (Some(place), Some(name)) = (place, name) else {
        parsed.is_unsure = true;
        return;
    };
    let named_at = as_name.as_ref().map_or(place.span, |value| value.span);
    if let Some(i) = parsed
        .variables
        .iter()
        .position(|(variable, _)| variable.name == name)
    {
        if source.is_none() {
            return;
        }
        report.push(
            Diagnostic::error(named_at, format!("two lines fill the variable `{name}`"))
                .also(parsed.spans[i], "the other one")
                .help("add `as=\"…\"` to one of them"),
        );
        return;
    }
    let (Some(source), Some(absence)) = (source, absence) else {
        // The name is kept, so that its uses are not reported as well.
        keep(parsed, name, named_at);
        return;
    };
    let always_there = match &source {
        // A route that matched has all its parameters; but JSON text may say `null`.
        ParseSource::PathParameter(_) => kind != Some(Kind::Json),
        // A list is a value where nothing matched, too.
        ParseSource::Body(BodySource::JsonPath(path)) => path.gives_many(),
        _ => false,
    };
    let presence = if absence == Absence::Allowed && !always_there {
        Presence::MayBeAbsent
    } else {
        Presence::Present
    };
    let shown = place.as_text().map_or("", |text| &text.value);
    parsed.variables.push((
        Variable {
            name,
            label,
            source: format!("{word} {shown}"),
            kind,
        },
        presence,
    ));
    parsed.spans.push(named_at);
    parsed.entries.push(ParseEntry {
        source,
        kind,
        absence,
    });
}

fn keep(parsed: &mut Parsed, name: String, span: Span) {
    parsed.variables.push((
        Variable {
            name,
            label: None,
            source: String::new(),
            kind: None,
        },
        Presence::Present,
    ));
    parsed.spans.push(span);
}

fn source(
    word: &str,
    place: &Scalar,
    route: Option<&Route>,
    as_list: bool,
    plain: &mut u32,
    report: &mut Report,
) -> Option<ParseSource> {
    match word {
        "header" => {
            let name = reply::header_name(place, report)?;
            if WITHHELD_HEADERS.contains(&name) {
                report.push(withheld(place.span, &name));
                return None;
            }
            Some(ParseSource::Header { name, as_list })
        }
        "path" => {
            let text = scalar::text(place, "a path parameter", report)?;
            let parameters = route.map_or(&[][..], Route::parameters);
            if parameters.contains(&text.value) {
                return Some(ParseSource::PathParameter(text.value.clone()));
            }
            let mut diagnostic = Diagnostic::error(
                place.span,
                format!("the webhook's path has no parameter `{}`", text.value),
            );
            let bare = text.value.trim_matches(['{', '}', ':']);
            diagnostic = match parameters.iter().find(|name| *name == bare) {
                Some(bare) => diagnostic.help(format!("write `path \"{bare}\"`")),
                None => match nearest(&text.value, parameters.iter().map(String::as_str)) {
                    Some(near) => diagnostic.help(did_you_mean(near)),
                    None => diagnostic
                        .help("a parameter stands in the path: `webhook \"/orders/{id}\"`"),
                },
            };
            report.push(diagnostic);
            None
        }
        _ => {
            let text = scalar::text(place, "a path", report)?;
            let path = match Path::parse(&text.value) {
                Ok(path) => path,
                Err(error) => {
                    let mut diagnostic =
                        Diagnostic::error(text.at(error.range.clone()), error.kind.to_string());
                    if let Some(help) = error.kind.help() {
                        diagnostic = diagnostic.help(help);
                    }
                    report.push(diagnostic);
                    return None;
                }
            };
            match (word, path.is_jsonpath()) {
                ("query", false) => {
                    if let Some(why) = beyond_query(&path) {
                        report.push(Diagnostic::error(place.span, why));
                        return None;
                    }
                    Some(ParseSource::Query(path))
                }
                ("query", true) => {
                    report.push(
                        Diagnostic::error(
                            place.span,
                            "a query is read by a plain path, not a JSONPath",
                        )
                        .help("`query \"items[0].id\"` reads `?items[0][id]=…`"),
                    );
                    None
                }
                (_, true) => Some(ParseSource::Body(BodySource::JsonPath(path))),
                (_, false) => {
                    let index = *plain;
                    *plain += 1;
                    Some(ParseSource::Body(BodySource::Plain(index, path)))
                }
            }
        }
    }
}

/// What is told where something reads a header that is taken away before.
pub(super) fn withheld(span: Span, name: &http::HeaderName) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("the header `{name}` is taken away before anything reads it"),
    )
    .help("credentials are verified by `auth { … }`, and no step may see them")
}

/// Why a path finds nothing in any query, where it does not.
fn beyond_query(path: &Path) -> Option<String> {
    let segments = path.segments().unwrap_or_default();
    if segments.len() > MAX_QUERY_BRACKETS + 1 {
        return Some(format!(
            "a key of a query has at most {MAX_QUERY_BRACKETS} brackets: this path goes deeper"
        ));
    }
    segments.iter().find_map(|segment| match segment {
        Segment::Index(index) if index.unsigned_abs() > MAX_QUERY_INDEX as u64 => Some(format!(
            "an index of a query is at most {MAX_QUERY_INDEX}, found {index}"
        )),
        _ => None,
    })
}

/// The variable's name: `as=`, or what the place gives.
fn name(
    place: &Scalar,
    as_name: Option<&Scalar>,
    source: Option<&ParseSource>,
    report: &mut Report,
) -> Option<String> {
    if let Some(value) = as_name {
        return variable::given_name(value, report);
    }
    let text = &place.as_text()?.value;
    if text.starts_with('$') && source.is_none() {
        return None;
    }
    if let Some(ParseSource::Body(BodySource::JsonPath(path))) = source {
        let why = if path.gives_many() {
            "this path can give several values"
        } else {
            "a JSONPath gives no name"
        };
        report.push(
            Diagnostic::error(place.span, format!("{why}: its variable needs a name"))
                .help("add `as=\"…\"`"),
        );
        return None;
    }
    let derived = expr::variable_name(text).filter(|name| expr::is_variable_name(name));
    if derived.is_none() && source.is_some() {
        report.push(
            Diagnostic::error(place.span, format!("{text:?} gives no name for a variable"))
                .help("add `as=\"…\"`"),
        );
    }
    derived
}

/// `type=`.
pub(super) fn kind(value: &Scalar, report: &mut Report) -> Option<Kind> {
    let kinds = Kind::ALL.map(|kind| (kind.name(), kind));
    scalar::word(value, "`type`", &kinds, report)
}

/// Whether a value that is the same each time is of a type.
pub(super) fn fits(kind: Option<Kind>, value: &Value) -> bool {
    match kind {
        None | Some(Kind::Json | Kind::List) => !value.is_null(),
        Some(Kind::String) => value.is_string(),
        Some(Kind::Number) => value.is_number(),
        Some(Kind::Integer) => value.is_i64() || value.is_u64(),
        Some(Kind::Bool) => value.is_boolean(),
    }
}

/// What `required=` and `default=` say of a value that is not there.
pub(super) fn absence(
    kind: Option<Kind>,
    required: Option<&Scalar>,
    default: Option<&Scalar>,
    report: &mut Report,
) -> Option<Absence> {
    let is_required = match required {
        None => false,
        Some(value) => scalar::boolean(value, "`required`", report)?,
    };
    let Some(default) = default else {
        return Some(if is_required {
            Absence::Refused
        } else {
            Absence::Allowed
        });
    };
    if is_required {
        report.push(
            Diagnostic::error(default.span, "a required value never needs a `default`")
                .help("keep one of `required` and `default`"),
        );
        return None;
    }
    let value = json::constant(default, report)?;
    if !fits(kind, &value) {
        let wanted = kind.map_or("a value".to_owned(), |kind| {
            format!("of type `{}`", kind.name())
        });
        report.push(Diagnostic::error(
            default.span,
            format!("the default has to be {wanted}, found {}", default.kind()),
        ));
        return None;
    }
    Some(Absence::Default(match kind {
        Some(Kind::List) => Value::Array(vec![value]),
        _ => value,
    }))
}
