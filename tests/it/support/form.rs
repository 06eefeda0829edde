//! The forms of a page, read from its markup: a field that somebody adds is tried without being told of here.

use super::{Page, browser::unescaped};

/// One form that is posted.
#[derive(Debug)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its fields and what they hold, everything that can be ticked ticked; without its token.
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// Every form of the page that is posted; one without an address goes to `at`.
    pub fn forms(&self, at: &str) -> Vec<Form> {
        let forms = self.body().split("<form").skip(1).filter_map(|rest| rest.split_once("</form>"));
        forms.filter_map(|(form, _)| read(form, at)).collect()
    }
}

fn read(form: &str, at: &str) -> Option<Form> {
    let (head, body) = form.split_once('>')?;
    if attribute(head, "method").as_deref() != Some("post") {
        return None;
    }
    let mut fields: Vec<(String, String)> = Vec::new();
    for tag in ["<input", "<select", "<textarea", "<button"] {
        for field in body.split(tag).skip(1) {
            let (head, rest) = field.split_once('>')?;
            let Some(name) = attribute(head, "name").filter(|name| name != "csrf") else { continue };
            // Of several with one name, the first that can be chosen.
            if fields.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let value = match tag {
                "<textarea" => unescaped(rest.split("</textarea>").next()?),
                "<select" => {
                    let options = rest.split("</select>").next()?;
                    options
                        .split("<option")
                        .filter_map(|option| attribute(option, "value"))
                        .last()
                        .unwrap_or_default()
                }
                _ => attribute(head, "value").unwrap_or_default(),
            };
            fields.push((name, value));
        }
    }
    let action = attribute(head, "action").unwrap_or_else(|| at.to_owned());
    Some(Form { action, fields })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next()?))
}
