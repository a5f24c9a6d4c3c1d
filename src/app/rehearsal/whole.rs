use crate::{app::replay::read_recorded, run::Value, store::Reader};

/// The member that stands in a story that was put together of two.
const WHOLE: &str = "whole";

/// The story of a run, from the beginning: where it is the rest of another, behind that of the
/// other, which answered, and whose id it has then.
///
/// # Errors
/// The store cannot be read, or a record in it makes no sense; the sentence says so.
pub fn whole_story(reader: &Reader, rest: Value) -> Result<Value, String> {
    let parse = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
    let Some(first) = rest["continues"].as_str() else {
        return Ok(rest);
    };
    let Some(record) = reader.record(first)? else {
        // It was not kept, or is gone.
        return Ok(rest);
    };
    let mut whole = read_recorded(&record)?;
    let mut rest: Value = match rest["id"].as_str() {
        Some(id) => parse(&rest.to_string().replace(id, first))?,
        None => rest,
    };
    for list in ["taken", "steps"] {
        if let (Some(all), Some(more)) = (whole[list].as_array_mut(), rest[list].as_array_mut()) {
            all.append(more);
        }
    }
    for member in ["outcome", "error", "variables"] {
        whole[member] = rest[member].take();
    }
    whole[WHOLE] = Value::Bool(true);
    Ok(whole)
}

/// Whether it was put together of two.
pub fn is_whole(story: &Value) -> bool {
    story[WHOLE] == Value::Bool(true)
}

/// Whether it is the story of the rest of a run alone.
pub fn is_half(story: &Value) -> bool {
    !story["continues"].is_null() && !is_whole(story)
}
