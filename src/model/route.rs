use std::fmt;

/// A trigger's path: literal segments and `{name}` segments, matched on the raw path of a
/// request, so that no spelling of a path reaches a route that another spelling would not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    text: String,
    parameters: Vec<String>,
}

/// Why a text is no route.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RouteError {
    /// It does not start with `/`.
    NoSlash,
    /// It has a character that has to be percent-encoded in a path, or `?` or `#`.
    Character(char),
    /// A `{` without its `}`, or the other way round.
    Brace,
    /// A `{name}` that is not a whole segment.
    PartOfSegment(String),
    /// A `{name}` that is no name: `[a-z_][a-z0-9_]*`.
    Name(String),
    /// The same `{name}` twice.
    Twice(String),
    /// `.`, `..` or an empty segment, which clients rewrite before they send.
    Segment(String),
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSlash => f.write_str("a path starts with `/`"),
            Self::Character(found) => write!(
                f,
                "a path cannot have {found:?}: percent-encode it as the sender does"
            ),
            Self::Brace => f.write_str("a path parameter is written `{name}`"),
            Self::PartOfSegment(segment) => write!(
                f,
                "a path parameter takes a whole segment: `/{segment}` mixes it with other text"
            ),
            Self::Name(name) => write!(
                f,
                "`{name}` is no name for a path parameter: lower-case letters, digits and `_`, no digit first"
            ),
            Self::Twice(name) => write!(f, "the path parameter `{name}` stands there twice"),
            Self::Segment(segment) => write!(
                f,
                "a path cannot have the segment `{segment}`: clients change it before they send"
            ),
        }
    }
}

impl Route {
    /// Reads `/literal/{name}`.
    ///
    /// # Errors
    /// See [`RouteError`].
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        let rest = text.strip_prefix('/').ok_or(RouteError::NoSlash)?;
        let mut parameters = Vec::new();
        let mut segments = rest.split('/').peekable();
        while let Some(segment) = segments.next() {
            // One trailing slash is a path of its own; an empty segment further up is a slip.
            let is_last = segments.peek().is_none();
            if segment == "." || segment == ".." || (segment.is_empty() && !is_last) {
                return Err(RouteError::Segment(segment.to_owned()));
            }
            if let Some(name) = parameter(segment)? {
                if !is_name(name) {
                    return Err(RouteError::Name(name.to_owned()));
                }
                if parameters.iter().any(|known| known == name) {
                    return Err(RouteError::Twice(name.to_owned()));
                }
                parameters.push(name.to_owned());
            } else if let Some(found) = segment.chars().find(|&c| !is_path_character(c)) {
                return Err(RouteError::Character(found));
            }
        }
        Ok(Self {
            text: text.to_owned(),
            parameters,
        })
    }

    /// The path as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }
}

fn parameter(segment: &str) -> Result<Option<&str>, RouteError> {
    if !segment.contains(['{', '}']) {
        return Ok(None);
    }
    match (segment.find('{'), segment.find('}')) {
        (Some(0), Some(end)) if end == segment.len() - 1 => Ok(Some(&segment[1..end])),
        (Some(open), Some(close)) if open < close => {
            Err(RouteError::PartOfSegment(segment.to_owned()))
        }
        _ => Err(RouteError::Brace),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// RFC 3986 `pchar`, with `%` taken as the start of an escape.
fn is_path_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(c)
}

/// A table of routes, each leading to a `T`.
#[derive(Clone, Debug)]
pub struct Routes<T> {
    router: matchit::Router<T>,
}

/// The parameters of a route, by their names, with the raw values that they have in a path.
pub type RouteParameters<'r, 'p> = matchit::Params<'r, 'p>;

/// Two routes that some path would match alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RouteConflict {
    /// The route that was there before.
    pub with: String,
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self {
            router: matchit::Router::new(),
        }
    }
}

impl<T> Routes<T> {
    /// Adds a route.
    ///
    /// # Errors
    /// Another route takes the same paths.
    pub fn insert(&mut self, route: &Route, target: T) -> Result<(), RouteConflict> {
        self.router
            .insert(route.text(), target)
            .map_err(|error| match error {
                matchit::InsertError::Conflict { with } => RouteConflict { with },
                // `Route::parse` lets nothing else through; say what is known.
                other => RouteConflict {
                    with: other.to_string(),
                },
            })
    }

    /// Where a request's raw path leads, and the raw values of its parameters.
    pub fn find<'r, 'p>(&'r self, path: &'p str) -> Option<(&'r T, RouteParameters<'r, 'p>)> {
        let found = self.router.at(path).ok()?;
        Some((found.value, found.params))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_knows_its_parameters() {
        let route = Route::parse("/orders/{order}/items/{item_2}").unwrap();
        assert_eq!(route.parameters(), ["order", "item_2"]);
    }

    #[test]
    fn slips_in_a_route_are_told_apart() {
        for (text, error) in [
            ("orders", RouteError::NoSlash),
            ("/a b", RouteError::Character(' ')),
            ("/a?b", RouteError::Character('?')),
            ("/{a", RouteError::Brace),
            ("/a}", RouteError::Brace),
            ("/x-{a}", RouteError::PartOfSegment("x-{a}".into())),
            ("/{A}", RouteError::Name("A".into())),
            ("/{*rest}", RouteError::Name("*rest".into())),
            ("/{a}/{a}", RouteError::Twice("a".into())),
            ("/a/../b", RouteError::Segment("..".into())),
            ("//b", RouteError::Segment(String::new())),
        ] {
            assert_eq!(Route::parse(text), Err(error), "{text}");
        }
        assert!(Route::parse("/").is_ok() && Route::parse("/a/").is_ok());
    }

    #[test]
    fn literal_segments_win_over_parameters_and_alike_routes_conflict() {
        let mut routes = Routes::default();
        routes.insert(&Route::parse("/a/{x}").unwrap(), 1).unwrap();
        routes.insert(&Route::parse("/a/b").unwrap(), 2).unwrap();
        assert_eq!(
            routes.insert(&Route::parse("/a/{y}").unwrap(), 3),
            Err(RouteConflict {
                with: "/a/{x}".into()
            })
        );
        assert_eq!(routes.find("/a/b").map(|(target, _)| *target), Some(2));
        let (target, params) = routes.find("/a/%2f").unwrap();
        assert_eq!((*target, params.get("x")), (1, Some("%2f")));
        assert!(routes.find("/a/b/c").is_none());
        assert!(routes.find("/a//b").is_none());
    }
}
