//! What typed answers and documents are made of.

mod extra;
mod field;
mod ids;
mod model;

pub use extra::Extra;
pub use field::Field;
pub use ids::*;
pub use model::Model;
