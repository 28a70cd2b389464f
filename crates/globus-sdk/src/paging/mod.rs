//! From one page to the next: [`Page`], [`Pages`], [`Items`].

mod items;
mod next;
mod page;
mod pages;
mod trail;

pub use items::Items;
pub use page::Page;
pub use pages::Pages;
