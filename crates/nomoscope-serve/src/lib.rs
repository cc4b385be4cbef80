//! The workbench: a study in a browser, on this machine alone.
//!
//! Pages ask Questions and send Acts to one desk; a page computes nothing. What comes in passes the `gate`: loopback only, a
//! token, Host and Origin checked. No page names a folder of this machine, runs a script that stands in it, or asks anybody
//! else for anything.

mod app;
mod assets;
mod escape;
mod failed;
mod failure;
mod files;
mod frame;
mod gate;
mod jobs;
mod late;
mod link;
mod making;
mod options;
mod pages;
mod run;
mod secret;
mod server;
mod strings;
mod upload;

pub use options::Options;
pub use run::{ServeError, Server, bind};
