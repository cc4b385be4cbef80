//! placeholder until the merge of figures
#[derive(Debug, thiserror::Error)]
#[error("none")]
pub struct PngError;
pub fn png(_svg: &str, _w: u32) -> Result<Vec<u8>, PngError> {
    Ok(Vec::new())
}
