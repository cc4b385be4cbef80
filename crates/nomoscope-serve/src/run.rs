//! Starting and ending the server.

use crate::app::App;
use crate::options::Options;
use crate::{pages, server};
use nomoscope_desk::keeper::Keeper;
use nomoscope_desk::stamp;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Why the server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The study cannot be opened.
    #[error(transparent)]
    Study(#[from] nomoscope_desk::study::StudyError),
    /// The port is taken, or may not be taken.
    #[error("port {port} cannot be taken: {source}")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system gives no threads.
    #[error("the server cannot start: {0}")]
    System(std::io::Error),
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    app: Arc<App>,
    address: SocketAddr,
}

/// Opens the study and takes the port, on the loopback alone.
///
/// # Errors
/// [`ServeError`]
pub fn bind(options: Options) -> Result<Server, ServeError> {
    let study = options.study.as_deref().map(Keeper::open).transpose()?.map(Arc::new);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()
        .map_err(ServeError::System)?;
    let port = options.port;
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = runtime.block_on(TcpListener::bind(wanted)).map_err(|source| ServeError::Port { port, source })?;
    let address = listener.local_addr().map_err(ServeError::System)?;
    // Two random identities hold 244 bits that nobody can guess.
    let token = format!("{}{}", stamp::uuid(), stamp::uuid()).replace('-', "");
    let app = Arc::new(App::new(study, options, address.port(), token));
    Ok(Server { runtime, listener, app, address })
}

impl Server {
    /// Returns the address with the token: whoever opens it is let in.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}/open/{}", self.address, self.app.token)
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers until the process ends.
    pub fn run(self) {
        let Self { runtime, listener, app, .. } = self;
        runtime.block_on(server::accept(listener, pages::router(app)));
    }
}
