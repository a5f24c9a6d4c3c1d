use unicode_width::UnicodeWidthStr;

/// Rows in columns, two blanks apart; nothing is put behind the last one. `paint` is given a
/// cell's column and its text, once the text has its width.
pub(super) fn table<const COLUMNS: usize>(
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
    paint: impl Fn(usize, &str) -> String,
) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<_> = (0..COLUMNS).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        for (column, cell) in row.iter().enumerate() {
            text += &paint(column, cell);
            if column + 1 < COLUMNS {
                text += &" ".repeat(widths[column] - cell.width() + 2);
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}
