//! The pages: what each template needs, in one struct each.
