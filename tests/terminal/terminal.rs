//! A terminal of our own, with somebody in front of it who can look away.

use std::{
    fs::File,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    num::NonZeroU16,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::support::{self, PATIENCE, Reply};

/// Flows with one of everything that is told apart on the screen.
pub const FLOWS: &str = r#"
flow "payment" mode="sync" {
    webhook "/payments" {
        parse {
            body "order.id" as="order_id" required=#true
            body "amount" type="number" required=#true
            body "currency" default="EUR"
        }
    }
    branch "big order?" {
        when "amount >= 100 and currency == 'EUR'" label="big" {
            log "paid {{ order_id }}"
            respond 200 { body "ok"; }
        }
        when "amount < 0" label="negative" { fail "order {{ order_id }} pays nothing"; }
        otherwise { respond 422 { body "too small"; }; }
    }
}
flow "deploy" {
    webhook "/deploy" { parse { body "ref" default=""; }; }
    log "deploy {{ ref }}"
}
"#;

/// Runs its arguments as a shell does: the terminal outlives them. It is the shell that leads the
/// session; of a leader that ends, the system itself resets the terminal.
const SHELL: &str = r#""$0" "$@"; echo "ended with $?"; read line"#;

/// A pseudo-terminal with a shell in it, and the binary in that.
pub struct Terminal {
    seen: Arc<Seen>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    // Its modes are read here.
    slave: File,
    before: Termios,
    shell: Box<dyn Child + Send + Sync>,
    pid: u32,
    directory: Arc<tempfile::TempDir>,
}

/// What has come out of the terminal.
#[derive(Default)]
struct Seen {
    view: Mutex<View>,
    changed: Condvar,
}

struct View {
    parser: vt100::Parser,
    raw: Vec<u8>,
    looking: bool,
    closed: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            parser: vt100::Parser::new(size(40), size(120), 0),
            raw: Vec::new(),
            looking: true,
            closed: false,
        }
    }
}

fn size(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Terminal {
    /// Serves a text as `flows.kdl`, on a free port.
    pub fn start(flows: &str) -> Self {
        Self::start_with(flows, &[], |_| {})
    }

    /// The same with more arguments and a different environment, in 120 columns and 40 rows.
    pub fn start_with(
        flows: &str,
        args: &[&str],
        prepare: impl FnOnce(&mut CommandBuilder),
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let text = support::with_free_port(flows);
        std::fs::write(directory.path().join("flows.kdl"), text).unwrap();
        let command = ["run", "flows.kdl", "--state", "state"];
        Self::open(directory, &[&command, args].concat(), prepare)
    }

    /// The binary with these arguments, in a directory that is ready made.
    pub fn open(
        directory: impl Into<Arc<tempfile::TempDir>>,
        args: &[&str],
        prepare: impl FnOnce(&mut CommandBuilder),
    ) -> Self {
        Self::of(env!("CARGO_BIN_EXE_hookyard"), directory, args, prepare)
    }

    /// Another program with these arguments.
    pub fn of(
        program: &str,
        directory: impl Into<Arc<tempfile::TempDir>>,
        args: &[&str],
        prepare: impl FnOnce(&mut CommandBuilder),
    ) -> Self {
        let directory = directory.into();
        let pty = native_pty_system().openpty(pty_size(120, 40)).unwrap();
        let slave = File::options()
            .read(true)
            .write(true)
            .open(pty.master.tty_name().unwrap())
            .unwrap();
        let before = tcgetattr(&slave).unwrap();
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", SHELL, program]);
        command.args(args);
        command.cwd(directory.path());
        command.env("TERM", "xterm-256color");
        command.env("XDG_CONFIG_HOME", directory.path().join("config"));
        for name in [
            "NO_COLOR",
            "STATE_DIRECTORY",
            "RUNTIME_DIRECTORY",
            "HOOKYARD_LOG",
        ] {
            command.env_remove(name);
        }
        prepare(&mut command);
        let shell = pty.slave.spawn_command(command).unwrap();
        let pid = child_of(shell.process_id().unwrap(), program);
        let seen = Arc::<Seen>::default();
        let out = pty.master.try_clone_reader().unwrap();
        let reader = {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || seen.read(out))
        };
        Self {
            seen,
            keys: Some(pty.master.take_writer().unwrap()),
            master: Some(pty.master),
            reader: Some(reader),
            slave,
            before,
            shell,
            pid,
            directory,
        }
    }

    /// The directory that `flows.kdl` is in.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Waits until the screen looks so.
    pub fn wait(&self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        self.wait_for(what, |screen, _| is_it(&screen.contents()))
    }

    /// Waits until a text is on the screen.
    pub fn wait_text(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Waits until the screen, or what was written to it so far, is so.
    pub fn wait_for(&self, what: &str, is_it: impl Fn(&vt100::Screen, &[u8]) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut view = self.seen.view();
        loop {
            let screen = view.parser.screen();
            if is_it(screen, &view.raw) {
                return screen.contents();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{what}: it never was on the screen; now there is\n{}",
                screen.contents()
            );
            view = self.seen.changed.wait_timeout(view, left).unwrap().0;
        }
    }

    /// The screen as it is.
    pub fn look<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.seen.view().parser.screen())
    }

    /// Everything that was written to it so far.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.view().raw.clone()
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        let out = self.keys.as_mut().unwrap();
        out.write_all(keys.as_bytes()).unwrap();
        out.flush().unwrap();
    }

    /// Gives the window another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        // What the old size left behind is not what the new one shows.
        self.seen.view().parser.set_size(size(rows), size(columns));
        let master = self.master.as_ref().unwrap();
        master.resize(pty_size(columns, rows)).unwrap();
    }

    /// The terminal says that it has no columns and no rows, as a serial line does.
    pub fn set_unknown_size(&self) {
        let master = self.master.as_ref().unwrap();
        master.resize(pty_size(0, 0)).unwrap();
    }

    /// Writes to the terminal, as another program in it does.
    pub fn scribble(&self, text: &str) {
        (&self.slave).write_all(text.as_bytes()).unwrap();
    }

    /// Sets the modes as they were, as a shell does.
    pub fn give_back_modes(&self) {
        tcsetattr(&self.slave, OptionalActions::Now, &self.before).unwrap();
    }

    /// Stops reading what is written to the terminal, or goes on.
    pub fn set_looking(&self, looking: bool) {
        self.seen.view().looking = looking;
        self.seen.changed.notify_all();
    }

    /// The terminal goes away, as when the connection to it breaks.
    pub fn hang_up(&mut self) {
        self.seen.view().closed = true;
        self.seen.changed.notify_all();
        // It reads once more: the screen is drawn every second.
        self.reader.take().unwrap().join().unwrap();
        self.keys = None;
        self.master = None;
    }

    /// Where it listens, as the screen says.
    pub fn address(&self) -> SocketAddr {
        let screen = self.wait("an address", |screen| port(screen).is_some());
        SocketAddr::from(([127, 0, 0, 1], port(&screen).unwrap()))
    }

    /// Sends a JSON body.
    pub fn post(&self, address: SocketAddr, target: &str, body: &str) -> Reply {
        self.send(
            address,
            target,
            &[("Content-Type", "application/json")],
            body,
        )
    }

    /// Sends a request by POST.
    pub fn send(
        &self,
        address: SocketAddr,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut stream = connect(address);
        stream
            .write_all(&support::request("POST", target, headers, body))
            .unwrap();
        support::read_reply(&mut stream)
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill")
            .args([&format!("-{signal}"), &self.pid.to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits until the process ends, and gives the exit code that the shell was told.
    pub fn wait_for_end(&self) -> i32 {
        let screen = self.wait_text("ended with ");
        let (_, code) = screen.split_once("ended with ").unwrap();
        code.lines().next().unwrap().trim().parse().unwrap()
    }

    /// Waits until the process is gone, whoever looks.
    pub fn wait_until_gone(&self) {
        until("the server ends", || !self.is_running());
    }

    /// Whether it still runs.
    pub fn is_running(&self) -> bool {
        self.state().is_some_and(|state| state != 'Z')
    }

    /// How the system says it is: `R`, `S`, `T` for stopped.
    pub fn state(&self) -> Option<char> {
        self.stat()?.chars().next()
    }

    /// How much processor time it has used.
    pub fn ticks(&self) -> u64 {
        let stat = self.stat().unwrap();
        let fields = stat.split(' ').skip(11).take(2);
        fields.map(|field| field.parse::<u64>().unwrap()).sum()
    }

    /// The names of its threads.
    pub fn threads(&self) -> Vec<String> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.pid)).unwrap();
        tasks
            .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok())
            .map(|name| name.trim().to_owned())
            .collect()
    }

    // What stands behind the name, beginning with the state.
    fn stat(&self) -> Option<String> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).ok()?;
        stat.rsplit_once(") ").map(|(_, rest)| rest.to_owned())
    }

    /// The terminal is as a shell left it: no alternate screen, a cursor, and its own modes.
    pub fn assert_given_back(&self) {
        self.wait_for("the terminal given back", |screen, _| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        self.assert_modes_given_back();
    }

    /// The modes alone.
    pub fn assert_modes_given_back(&self) {
        assert_eq!(modes(&tcgetattr(&self.slave).unwrap()), modes(&self.before));
    }

    /// Whether it is in other modes than before.
    pub fn is_taken_over(&self) -> bool {
        modes(&tcgetattr(&self.slave).unwrap()) != modes(&self.before)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        for pid in [Some(self.pid), self.shell.process_id()]
            .into_iter()
            .flatten()
        {
            let _ = Command::new("kill")
                .args(["-9", &pid.to_string()])
                .stderr(Stdio::null())
                .status();
        }
        let _ = self.shell.wait();
        // The reader is left where it is: it ends when the terminal does.
        self.seen.view().closed = true;
        self.seen.changed.notify_all();
    }
}

/// Waits for something that nobody tells of.
pub fn until(what: &str, mut is_it: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_it() {
        assert!(Instant::now() < deadline, "{what}: it never came to that");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The program that the shell runs, once it is that.
fn child_of(shell: u32, program: &str) -> u32 {
    // The system knows as much of a name.
    let name: String = Path::new(program)
        .file_name()
        .unwrap()
        .to_string_lossy()
        .chars()
        .take(15)
        .collect();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
        let child = children
            .unwrap()
            .split_whitespace()
            .next()
            .map(str::to_owned);
        if let Some(child) = child
            && std::fs::read_to_string(format!("/proc/{child}/comm"))
                .is_ok_and(|comm| comm.trim() == name)
        {
            return child.parse().unwrap();
        }
        assert!(Instant::now() < deadline, "the binary does not start");
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Seen {
    fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, mut out: Box<dyn Read + Send>) {
        let mut buffer = [0; 4096];
        loop {
            let view = self.view();
            let view = self
                .changed
                .wait_while(view, |view| !view.looking && !view.closed)
                .unwrap();
            if view.closed {
                return;
            }
            drop(view);
            match out.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => {
                    let mut view = self.view();
                    view.parser.process(&buffer[..count]);
                    view.raw.extend_from_slice(&buffer[..count]);
                    self.changed.notify_all();
                }
            }
        }
    }
}

/// A connection.
pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends so many requests over one connection, each after the answer to the one before; the
/// statuses.
pub fn post_many(address: SocketAddr, count: usize, target: &str, body: &str) -> Vec<u16> {
    let request = format!(
        "POST {target} HTTP/1.1\r\nHost: hooks.test\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = connect(address);
    (0..count)
        .map(|_| {
            stream.write_all(request.as_bytes()).unwrap();
            support::read_reply(&mut stream).status
        })
        .collect()
}

fn port(screen: &str) -> Option<u16> {
    let (_, rest) = screen.split_once("127.0.0.1:")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|port| *port > 0)
}

fn modes(termios: &Termios) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        termios.input_modes,
        termios.output_modes,
        termios.control_modes,
        termios.local_modes,
        termios.special_codes
    )
}
