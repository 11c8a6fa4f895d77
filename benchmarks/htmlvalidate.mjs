// What html-validate looks for on our pages: all that it recommends, but for what is said here.
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    // A matter of spelling: Django's admin writes it in capitals, we do not.
    "doctype-style": "off",
    // Indentation of empty template lines is worth less than a pass over each answer, and gzip packs it.
    "no-trailing-whitespace": "off",
    // Guards against a foreign server's files; all of ours are on this site, named by what they hold.
    "require-sri": "off",
    // Question – category – help center, so that a tab says where it is; a question may be as long as it must.
    "long-title": "off",
    // A button of a form sends it: that is what ours do, and the others say so.
    "no-implicit-button-type": "off",
    // Numbers hold together by a rule in the style sheets, which the validator does not read.
    "tel-non-breaking": "off",
    // The summary of errors comes before everything else on the page, and fragments begin lower down.
    "heading-level": ["error", { minInitialRank: "any" }],
    // A group of boxes to tick sends one name more than once.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit", "reset"] }],
    // A label around its box may name it besides; Django's fields do.
    "no-redundant-for": "off",
    // The list under a search box of the desk is that of a combobox, which no element is.
    "prefer-native-element": ["error", { exclude: ["listbox"] }],
  },
};
