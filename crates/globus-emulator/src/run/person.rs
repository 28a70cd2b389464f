//! The person in front of the program: reads what it prints, signs in when it asks for a login, types the code.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use globus_emulator::{Emulator, SignedIn};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval, sleep, timeout};

use super::scan::Scan;
use crate::browser;

/// How long output pauses, once the command has ended, before no more is expected: what it has started may hold the pipe
/// open.
const PAUSE: Duration = Duration::from_millis(300);
/// After how many pauses a line without an end is taken for whole.
const PAUSES: u32 = 4;
/// How long the program may take to open a browser, when its login leads back to itself, before the person does.
const BROWSER: Duration = Duration::from_secs(3);
/// How long a prompt may come after the URL it belongs to, and how often is looked for it.
const PROMPT: Duration = Duration::from_millis(250);
const GLANCE: Duration = Duration::from_millis(5);
/// After how much silence it is said what is waited for.
const REMARK: Duration = Duration::from_secs(3);
/// How long the program may take to exchange a code.
const EXCHANGE: Duration = Duration::from_secs(60);

/// Who plays, and with how much patience.
pub(crate) struct Player {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) user: String,
    /// How long the command's input stays open after ours has ended and nothing happens any more.
    pub(crate) patience: Duration,
}

/// A person who sits at a command.
pub(crate) struct Person {
    streams: Vec<JoinHandle<()>>,
    typist: JoinHandle<()>,
    /// True once the command has ended.
    ended: watch::Sender<bool>,
}

/// What is seen on the screen.
enum Seen {
    /// A login URL.
    Login(String),
    /// What may be one; its end is not to be seen.
    Guess(String),
    /// Something else.
    Output,
}

impl Person {
    /// Sits down: from now on all that the command prints and reads passes through here.
    pub(crate) fn sit_down(player: Player, child: &mut Child) -> Self {
        let (seen, screen) = channel(64);
        let ended = watch::Sender::new(false);
        let origin = player.emulator.url().to_owned();
        let mut streams = Vec::new();
        let lines = Lines::default();
        if let Some(from) = child.stdout.take() {
            let scan = Scan::new(&origin);
            let to = (tokio::io::stdout(), Arc::clone(&lines.out));
            let pass = pass_on(from, to, scan, seen.clone(), ended.subscribe());
            streams.push(tokio::spawn(pass));
        }
        if let Some(from) = child.stderr.take() {
            let scan = Scan::new(&origin);
            let to = (tokio::io::stderr(), Arc::clone(&lines.err));
            let pass = pass_on(from, to, scan, seen, ended.subscribe());
            streams.push(tokio::spawn(pass));
        }
        let keyboard = Keyboard {
            player,
            input: child.stdin.take(),
            lines,
            typed: None,
            local: Vec::new(),
            last: Instant::now(),
            remarked: false,
        };
        let typist = tokio::spawn(keyboard.attend(screen, own_input()));
        Self { streams, typist, ended }
    }

    /// Waits for the last words of a command that has ended.
    pub(crate) async fn get_up(self) {
        self.ended.send_replace(true);
        for stream in self.streams {
            // Nothing in it panics, and nobody aborts it.
            let _ = stream.await;
        }
        self.typist.abort();
    }
}

/// Whether the last line of each stream has no end yet.
#[derive(Debug, Default)]
struct Lines {
    out: Arc<AtomicBool>,
    err: Arc<AtomicBool>,
}

impl Lines {
    /// Ends the line with the prompt, as the key does with which a person ends what they type: a terminal would show it.
    async fn end(&self) {
        let until = Instant::now() + PROMPT;
        let is_open = || self.out.load(Ordering::Acquire) || self.err.load(Ordering::Acquire);
        while !is_open() && Instant::now() < until {
            sleep(GLANCE).await;
        }
        if self.out.swap(false, Ordering::AcqRel) {
            end_line(tokio::io::stdout()).await;
        }
        if self.err.swap(false, Ordering::AcqRel) {
            end_line(tokio::io::stderr()).await;
        }
    }
}

async fn end_line(mut to: impl AsyncWrite + Unpin) {
    // Nobody may be there to see it.
    if to.write_all(b"\n").await.is_ok() {
        let _ = to.flush().await;
    }
}

/// Passes on what the command prints, unchanged, and looks through it.
async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    (mut to, open): (impl AsyncWrite + Unpin, Arc<AtomicBool>),
    mut scan: Scan,
    seen: Sender<Seen>,
    ended: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    let mut pauses = 0;
    loop {
        let Ok(read) = timeout(PAUSE, from.read(&mut buffer)).await else {
            if *ended.borrow() {
                return;
            }
            pauses += 1;
            if pauses == PAUSES
                && let Some(url) = scan.quiet()
            {
                let _ = seen.send(Seen::Guess(url)).await;
            }
            continue;
        };
        pauses = 0;
        let Ok(count @ 1..) = read else {
            return;
        };
        // Without a reader the command is to notice, by its own broken pipe.
        if to.write_all(&buffer[..count]).await.is_err() || to.flush().await.is_err() {
            return;
        }
        open.store(buffer[count - 1] != b'\n', Ordering::Release);
        // A screen that nobody watches any more is no failure.
        let _ = seen.try_send(Seen::Output);
        for url in scan.feed(&buffer[..count]) {
            let _ = seen.send(Seen::Login(url)).await;
        }
    }
}

/// Our own input, in pieces. Read by a thread of its own, which ends with the process: a runtime would wait for it.
fn own_input() -> Receiver<Vec<u8>> {
    let (pieces, input) = channel(1);
    let read = move || {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = std::io::stdin().read(&mut buffer) {
            if pieces.blocking_send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    };
    // Without the thread the input has ended.
    let _ = std::thread::Builder::new().name("stdin".to_owned()).spawn(read);
    input
}

/// The person's hands.
struct Keyboard {
    player: Player,
    /// The command's input; `None` once it is closed.
    input: Option<ChildStdin>,
    lines: Lines,
    /// The login at hand: its URL, its code and when it was typed.
    typed: Option<(String, String, Instant)>,
    /// Logins that lead to a port of this machine, and until when the program may open its browser.
    local: Vec<(String, Instant)>,
    /// When something happened last.
    last: Instant,
    /// It was said what is waited for.
    remarked: bool,
}

impl Keyboard {
    async fn attend(mut self, mut screen: Receiver<Seen>, mut own: Receiver<Vec<u8>>) {
        let (mut lit, mut more) = (true, true);
        let mut tick = interval(Duration::from_millis(200));
        loop {
            tokio::select! {
                biased;
                seen = screen.recv(), if lit => {
                    self.last = Instant::now();
                    match seen {
                        Some(Seen::Login(url)) => self.login(url, true).await,
                        Some(Seen::Guess(url)) => self.login(url, false).await,
                        Some(Seen::Output) => {}
                        None => lit = false,
                    }
                }
                piece = own.recv(), if more => match piece {
                    Some(piece) => {
                        self.last = Instant::now();
                        self.write(&piece).await;
                    }
                    // The pipe stays open: a code may be asked for yet.
                    None => more = false,
                },
                _ = tick.tick() => self.look_at_the_clock(more),
            }
        }
    }

    fn is_pending(&self) -> bool {
        let code = self.typed.as_ref().map(|(_, code, _)| code);
        code.is_some_and(|code| self.player.emulator.is_code_pending(code))
    }

    async fn login(&mut self, url: String, whole: bool) {
        let again = self.typed.as_ref().is_some_and(|(known, ..)| *known == url);
        if (again && self.is_pending()) || self.local.iter().any(|(known, _)| *known == url) {
            return;
        }
        if browser::leads_to_code_page(&url, self.player.emulator.url()) {
            self.type_code(url, whole).await;
        } else if whole {
            self.local.push((url, Instant::now() + BROWSER));
        }
    }

    async fn type_code(&mut self, url: String, whole: bool) {
        let there = self.sign_in(&url).and_then(|there| {
            let refused = || there.error().unwrap_or_else(|| "there is none".to_owned());
            there.code().ok_or_else(refused)
        });
        let code = match there {
            Ok(code) => code,
            // The rest of the URL may come yet.
            Err(_) if !whole => return,
            Err(why) => {
                // As a person who gives up does: the program is told that no code will come.
                self.input = None;
                self.complain(&why);
                return;
            }
        };
        if self.input.is_none() {
            self.complain("the command's input is closed already");
            return;
        }
        self.lines.end().await;
        self.write(format!("{code}\n").as_bytes()).await;
        self.typed = Some((url, code, Instant::now()));
    }

    fn sign_in(&self, url: &str) -> Result<SignedIn, String> {
        let there = self.player.emulator.sign_in(url, &self.player.user);
        there.map_err(|error| error.to_string())
    }

    fn complain(&self, why: &str) {
        crate::report(&format_args!("{} could not type a code: {why}", self.player.user));
    }

    async fn write(&mut self, bytes: &[u8]) {
        let Some(input) = &mut self.input else {
            return;
        };
        // A command that reads no more has closed it.
        if input.write_all(bytes).await.is_err() || input.flush().await.is_err() {
            self.input = None;
        }
    }

    fn look_at_the_clock(&mut self, more: bool) {
        let now = Instant::now();
        let (due, waiting) = self.local.drain(..).partition(|(_, until)| *until <= now);
        self.local = waiting;
        let due: Vec<(String, Instant)> = due;
        for (url, _) in due {
            if self.player.emulator.is_answered(&url) {
                continue;
            }
            match self.sign_in(&url) {
                Ok(there) => {
                    tokio::spawn(async move {
                        if let Err(error) = browser::follow(there.redirect()).await {
                            crate::report(&error);
                        }
                    });
                }
                Err(why) => crate::report(&format_args!("{} could not sign in: {why}", self.player.user)),
            }
        }
        if self.is_pending() {
            let late = self.typed.as_ref().is_some_and(|(_, _, since)| now - *since > EXCHANGE);
            if late && self.input.take().is_some() {
                let seconds = EXCHANGE.as_secs();
                crate::report(&format_args!(
                    "the code was not used within {seconds} s; the command's input is closed"
                ));
            }
            self.last = now;
        } else if !more && self.input.is_some() {
            let silence = now - self.last;
            if silence > self.player.patience {
                self.input = None;
            } else if silence > REMARK && !std::mem::replace(&mut self.remarked, true) {
                crate::report(&format_args!(
                    "the input of the command stays open for a code, for {} s of silence (--patience) in all",
                    self.player.patience.as_secs()
                ));
            }
        }
    }
}
