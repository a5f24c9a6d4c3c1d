//! The terminal itself: taking it over, giving it back on every way out, hearing it hang up.

use std::{
    fs::File,
    io::{self, Write},
    mem,
    os::fd::{AsFd, BorrowedFd},
    panic,
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use crossterm::{
    clipboard::CopyToClipboard,
    cursor::{Hide, Show},
    event::{self, DisableBracketedPaste, EnableBracketedPaste, Event},
    execute, queue,
    style::{Print, force_color_output},
    terminal::{
        BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
        disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{
    Frame, Terminal, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect,
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process::{Signal, getpid, kill_process},
    stdio,
    termios::{
        Action, OptionalActions, QueueSelector, SpecialCodeIndex, isatty, tcflow, tcflush,
        tcgetattr, tcgetwinsize, tcsetattr,
    },
};

/// Events that are read in one go: a held key or a long paste must not keep the screen still.
const AT_ONCE: usize = 512;

/// Has the terminal tell of buttons and wheels, in numbers of any size. Moves are nobody's business:
/// crossterm's own command would have each of them told.
const MOUSE_ON: Print<&str> = Print("\x1b[?1000h\x1b[?1006h");
/// Has it keep them to itself.
const MOUSE_OFF: Print<&str> = Print("\x1b[?1006l\x1b[?1000l");

/// The signal that tells a stopped process to go on.
pub const CONTINUE: i32 = Signal::CONT.as_raw();

/// The signal by which the keys of a terminal stop its processes.
pub const STOP: i32 = Signal::TSTP.as_raw();

/// Stops this process, as [`STOP`] does where nobody catches it.
pub fn halt() {
    let _ = kill_process(getpid(), Signal::STOP);
}

/// The thread whose dashboard has the terminal.
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);
/// Whether somebody else wrote to the terminal meanwhile.
static DISTURBED: AtomicBool = AtomicBool::new(false);
/// Whether the terminal tells of its mouse.
static MOUSE: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal, taken over. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Output>>,
    input: Input,
    size: (u16, u16),
}

/// What waiting came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard {
    /// Nothing in time.
    Nothing,
    /// There is something to read.
    Input,
    /// The terminal hung up.
    Gone,
}

/// Where keys come from: as crossterm does, the terminal itself where stdin is something else.
#[derive(Debug)]
enum Input {
    Stdin,
    Tty(File),
}

/// Collects a frame, and writes it in one go. What a panic leaves unfinished is never written.
#[derive(Debug, Default)]
struct Output(Vec<u8>);

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// There is no terminal, or it cannot be switched.
    pub fn enter(no_color: bool) -> io::Result<Self> {
        if no_color {
            // Without colours, crossterm writes an empty sequence for "no colour", which is read
            // as "no attributes either". Our theme has no colours; let it be written as it is.
            force_color_output(true);
        }
        let input = if isatty(stdio::stdin()) {
            Input::Stdin
        } else {
            Input::Tty(File::open("/dev/tty")?)
        };
        HOOK.call_once(install_hook);
        *owner() = Some(thread::current().id());
        // From here on, whatever fails gives the terminal back by dropping this.
        let screen = Guard;
        take_over(input.fd())?;
        let size = size();
        let terminal = Terminal::with_options(
            CrosstermBackend::new(Output::default()),
            TerminalOptions {
                // Of the size that is found here: ratatui would ask again for every frame, and
                // draw nothing on a serial line, whose size nobody knows.
                viewport: Viewport::Fixed(area(size)),
            },
        )?;
        mem::forget(screen);
        Ok(Self {
            terminal,
            input,
            size,
        })
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(render)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn forget(&mut self) -> io::Result<()> {
        // `clear` would ask the terminal where its cursor is, and wait for the answer.
        self.terminal.resize(area(self.size))
    }

    /// Puts a text on the clipboard of whoever looks at the terminal, over ssh too.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.terminal.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }

    /// Has the terminal tell of its mouse, or keep it to itself.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn mouse(&mut self, told: bool) -> io::Result<()> {
        MOUSE.store(told, Ordering::Relaxed);
        let modes = if told { MOUSE_ON } else { MOUSE_OFF };
        execute!(self.terminal.backend_mut(), modes)
    }

    /// All of it, as it was when the last frame was drawn.
    pub fn area(&self) -> Rect {
        area(self.size)
    }

    /// Whether the next frame must be drawn though nothing happened: the size changed, or
    /// something else wrote to the terminal.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub fn is_stale(&mut self) -> io::Result<bool> {
        let size = size();
        let resized = size != self.size;
        self.size = size;
        let disturbed = DISTURBED.swap(false, Ordering::Relaxed);
        let is_stale = resized || disturbed;
        if is_stale {
            self.forget()?;
        }
        Ok(is_stale)
    }

    /// Waits for input. Done here, since crossterm does not say that a terminal hung up.
    pub fn wait(&mut self, timeout: Duration) -> Heard {
        let mut fds = [PollFd::from_borrowed_fd(self.input.fd(), PollFlags::IN)];
        let limit = Timespec {
            tv_sec: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        };
        match poll(&mut fds, Some(&limit)) {
            Ok(0) | Err(Errno::INTR) => Heard::Nothing,
            Ok(_) if fds[0].revents() == PollFlags::IN => Heard::Input,
            Ok(_) | Err(_) => Heard::Gone,
        }
    }

    /// Everything that waits to be read.
    ///
    /// # Errors
    /// The terminal cannot be read.
    pub fn read(&mut self) -> io::Result<Vec<Event>> {
        let mut events = Vec::new();
        // No wait at all would be taken for no look at all.
        while events.len() < AT_ONCE && event::poll(Duration::from_millis(1))? {
            events.push(event::read()?);
        }
        Ok(events)
    }

    /// Gives the terminal to somebody else for that time.
    ///
    /// # Errors
    /// It cannot be taken over again.
    pub fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        give_back();
        let came = to();
        *owner() = Some(thread::current().id());
        take_over(self.input.fd())?;
        DISTURBED.store(true, Ordering::Relaxed);
        Ok(came)
    }

    /// Takes the terminal over again from whoever had it while the process was stopped.
    ///
    /// # Errors
    /// It cannot be switched.
    pub fn resume(&mut self) -> io::Result<()> {
        disable_raw_mode()?;
        take_over(self.input.fd())?;
        DISTURBED.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

impl Input {
    fn fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Stdin => stdio::stdin(),
            Self::Tty(file) => file.as_fd(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let bytes = mem::take(&mut self.0);
        // Once the terminal is given back nothing is written: ratatui shows the cursor again when
        // it is dropped, and panics where it can neither do that nor complain.
        if owner().is_none() {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&bytes)?;
        stdout.flush()
    }
}

fn size() -> (u16, u16) {
    match tcgetwinsize(stdio::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}

fn area((columns, rows): (u16, u16)) -> Rect {
    Rect::new(0, 0, columns, rows)
}

fn owner() -> std::sync::MutexGuard<'static, Option<ThreadId>> {
    OWNER.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take_over(input: BorrowedFd<'_>) -> io::Result<()> {
    enable_raw_mode()?;
    // A read that finds nothing returns at once. In the midst of an escape sequence crossterm
    // reads on, and else would wait there for a key, or for ever on a terminal that hung up.
    let mut modes = tcgetattr(input)?;
    modes.special_codes[SpecialCodeIndex::VMIN] = 0;
    modes.special_codes[SpecialCodeIndex::VTIME] = 0;
    tcsetattr(input, OptionalActions::Now, &modes)?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        Hide
    )?;
    if MOUSE.load(Ordering::Relaxed) {
        execute!(io::stdout(), MOUSE_ON)?;
    }
    Ok(())
}

// Once only, however many ways out are taken at the same time. Errors are of no use here: the
// terminal is back, or gone.
fn give_back() {
    if owner().take().is_none() {
        return;
    }
    if MOUSE.load(Ordering::Relaxed) {
        let _ = execute!(io::stdout(), MOUSE_OFF);
    }
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
}

/// Throws away what waits to be read by whoever looks at the terminal. Where nobody does, and the
/// thread of the dashboard hangs in writing, it goes on, and finds room for the way out.
pub fn make_room() {
    let stdout = stdio::stdout();
    let _ = tcflush(stdout, QueueSelector::OFlush);
    // Having room wakes no writer; that output goes on does.
    let _ = tcflow(stdout, Action::OOff);
    let _ = tcflow(stdout, Action::OOn);
}

/// Gives the modes of the terminal back from another thread, and nothing else: writing would
/// hang. The thread of the dashboard writes nothing from then on either.
pub fn abandon() {
    if owner().take().is_some() {
        let _ = disable_raw_mode();
    }
}

// A panic of the dashboard is told on a terminal that is back to normal. One of another thread
// is told at once, and drawn over.
fn install_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let ours = *owner() == Some(thread::current().id());
        if ours {
            give_back();
        }
        previous(info);
        if !ours {
            DISTURBED.store(true, Ordering::Relaxed);
        }
    }));
}
