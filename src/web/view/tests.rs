//! Every page in every language, rendered and looked at by rule.
