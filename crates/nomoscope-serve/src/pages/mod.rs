//! The pages: a file each.

mod acts;
mod adjudicate;
mod agree;
mod audit;
mod cases;
mod codebook;
mod compare;
mod concepts;
mod correct;
mod deeds;
mod describe;
mod doctor;
mod double;
mod exchange;
mod forget;
mod help;
mod history;
mod law;
mod look;
mod map;
mod names;
mod network;
mod passages;
mod passphrase;
mod question;
mod reach;
mod read;
mod report;
mod review;
mod settings;
mod slip;
mod sources;
mod start;
mod suggestions;
mod trend;
mod words;

use crate::app::App;
use crate::upload::MOST_UPLOAD;
use crate::{assets, failed, failure, gate, late};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::sync::Arc;

/// The largest form, in bytes.
const MOST_FORM: usize = 2 << 20;

/// Returns all pages behind the gate.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(start::home))
        .route("/open/{token}", get(start::enter))
        .route("/start", get(start::start).post(start::choose))
        .route("/settle", post(start::settle))
        .route("/sources", get(sources::page))
        .route("/read", get(read::page))
        .route("/next", get(read::next))
        .route("/correct", get(correct::page))
        .route("/do/correct", post(correct::correct))
        .route("/describe", get(describe::page).post(describe::chosen))
        .route("/do/describe", post(describe::describe))
        .route("/doctor", get(doctor::page))
        .route("/do/doctor", post(doctor::repair))
        .route("/forget", get(forget::page).post(forget::preview))
        .route("/do/forget", post(forget::erase))
        .route("/passphrase", get(passphrase::page))
        .route("/do/passphrase", post(passphrase::settle))
        .route("/review", get(review::page))
        .route("/audit", get(audit::page))
        .route("/do/draw-audit", post(audit::draw))
        .route("/do/audit", post(audit::read))
        .route("/suggestions", get(suggestions::page))
        .route("/do/suggestions", post(suggestions::switch))
        .route("/do/suggestion", post(suggestions::take))
        .route("/codebook", get(codebook::page))
        .route("/codebook/preview", get(codebook::preview))
        .route("/do/concept", post(codebook::change))
        .route("/concepts.json", get(concepts::list))
        .merge(passages::routes(&map::KIND))
        .merge(passages::routes(&compare::KIND))
        .merge(passages::routes(&trend::KIND))
        .merge(question::routes(&agree::KIND))
        .merge(question::routes(&network::KIND))
        .merge(question::routes(&words::KIND))
        .merge(passages::routes(&slip::KIND))
        .route("/double", get(double::page))
        .route("/do/blind", post(double::blind))
        .route("/do/finish", post(double::finish))
        .route("/adjudicate", get(adjudicate::page))
        .route("/do/adjudicate", post(adjudicate::decide))
        .route("/do/adjudicate-agreed", post(adjudicate::merge))
        .route("/settings", get(settings::page))
        .route("/do/settings", post(settings::write))
        .route("/names", get(names::page).post(names::key))
        .route("/names/key", get(names::file))
        .route("/names/earlier", post(names::earlier))
        .route("/do/names", post(names::replace))
        .route("/report", get(report::page))
        .route("/report/{query}/{*file}", get(report::file))
        .route("/do/report", post(acts::report))
        .route("/exchange", get(exchange::page))
        .route("/exchange/{name}", get(exchange::file))
        .route("/job/cancel", post(question::cancel))
        .route("/history", get(history::page))
        .route("/help", get(help::page))
        .route("/revision", get(history::revision))
        .route("/do/mark", post(acts::mark))
        .route("/do/recode", post(acts::recode))
        .route("/do/unmark", post(acts::unmark))
        .route("/do/judge", post(acts::judge))
        .route("/do/judge-all", post(acts::judge_all))
        .route("/do/remark", post(acts::remark))
        .route("/do/memo", post(acts::memo))
        .route("/do/remove-source", post(acts::remove_source))
        .route("/do/undo", post(acts::undo))
        .route("/do/redo", post(acts::redo))
        .route("/case", get(cases::begin).post(cases::go))
        .route("/case/file", post(cases::take_file))
        .route("/law", get(law::page))
        .route("/law/{name}", get(law::answer))
        .route("/reach", get(reach::page))
        .layer(DefaultBodyLimit::max(MOST_FORM))
        .route("/reach/{name}", get(reach::answer).post(reach::take).layer(DefaultBodyLimit::max(MOST_UPLOAD)))
        .route("/look", get(look::page).post(look::take).layer(DefaultBodyLimit::max(MOST_UPLOAD)))
        .route("/look/{id}", get(look::file))
        .route("/do/exchange", post(exchange::take).layer(DefaultBodyLimit::max(MOST_UPLOAD)))
        .route("/do/add", post(acts::add).layer(DefaultBodyLimit::max(MOST_UPLOAD)))
        .route("/static/{name}", get(assets::file))
        .fallback(|| async { failure::Failure::NotFound })
        .layer(from_fn_with_state(app.clone(), late::late))
        .layer(from_fn(failed::tell))
        .layer(from_fn_with_state(app.clone(), gate::gate))
        .with_state(app)
}
