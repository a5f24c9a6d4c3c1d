use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket, UnixListener};

use super::socket::Socket;
use crate::{
    model::Listen,
    run::Peer,
    system::{BACKLOG, SocketFile, bind},
};

/// A bound address. Dropping it stops listening, and removes a Unix socket's file.
#[derive(Debug)]
pub struct Listener {
    place: Listen,
    bound: Bound,
    /// Kept for its drop.
    _file: Option<SocketFile>,
}

#[derive(Debug)]
enum Bound {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// Binds an address. A Unix socket that is left over from a process that is gone is replaced;
    /// the new one is for its owner and group.
    ///
    /// # Errors
    /// With a sentence that names the address: it is taken, or may not be bound.
    pub async fn bind(listen: &Listen) -> io::Result<Self> {
        Self::bind_beside(listen, &[]).await
    }

    /// The same, while this process listens at `others`: an address may take up a part of one of
    /// them, or all of it, as `0.0.0.0:80` does of `127.0.0.1:80`.
    ///
    /// # Errors
    /// As [`Listener::bind`].
    pub async fn bind_beside(listen: &Listen, others: &[Listen]) -> io::Result<Self> {
        let bound = match listen {
            Listen::Tcp(address) => {
                let shares = others.iter().any(|other| overlap(*address, other));
                bind_tcp(*address, shares).map(|listener| (Bound::Tcp(listener), None))
            }
            Listen::Unix(path) => bind(path, 0o660)
                .await
                .map(|(listener, file)| (Bound::Unix(listener), Some(file))),
        };
        let (bound, file) = bound.map_err(|error| explain(listen, &error))?;
        let place = match &bound {
            Bound::Tcp(listener) => Listen::Tcp(listener.local_addr()?),
            Bound::Unix(_) => listen.clone(),
        };
        Ok(Self {
            place,
            bound,
            _file: file,
        })
    }

    /// Where it listens; a port 0 has become the one that was given.
    pub fn place(&self) -> Listen {
        self.place.clone()
    }

    /// The same as it is shown: `127.0.0.1:41234`, `unix:/run/hookyard/http.sock`.
    pub fn address(&self) -> String {
        self.place.to_string()
    }

    pub(super) async fn accept(&self) -> io::Result<(Socket, Peer)> {
        match &self.bound {
            Bound::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                // An answer is one write: waiting for more to send with it only delays it. Where
                // it fails the connection is already gone, which reading will tell.
                let _ = stream.set_nodelay(true);
                Ok((Socket::Tcp(stream), Peer::Ip(address)))
            }
            Bound::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((Socket::Unix(stream), Peer::Unix))
            }
        }
    }
}

/// Whether two addresses are one for some of those who connect.
fn overlap(address: SocketAddr, other: &Listen) -> bool {
    match other {
        Listen::Tcp(other) => {
            let (ip, other_ip) = (address.ip(), other.ip());
            address.port() == other.port()
                && (ip == other_ip || ip.is_unspecified() || other_ip.is_unspecified())
        }
        Listen::Unix(_) => false,
    }
}

fn bind_tcp(address: SocketAddr, shares: bool) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restart need not wait for the connections of the process before.
    socket.set_reuseaddr(true)?;
    if shares {
        socket.set_reuseport(true)?;
    }
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    // From here on an overlapping address of ours may be bound. Not before, or an address that
    // another process has would be shared with it, unnoticed.
    rustix::net::sockopt::set_socket_reuseport(&listener, true)?;
    Ok(listener)
}

fn explain(listen: &Listen, error: &io::Error) -> io::Error {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => "another process listens there".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(error.kind(), format!("cannot listen on {listen}: {why}"))
}
