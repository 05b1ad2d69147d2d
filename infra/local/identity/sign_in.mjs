/** The sign-in page: e-mail and password, or one click on a demo person. */
import { escape, page } from "./page.mjs";

const PATH = /^\/interaction\/([\w-]+)$/;
const LARGEST_FORM_BYTES = 4096;
const WORDS = {
  "pt-BR": {
    title: "Entrar",
    email: "E-mail",
    password: "Senha",
    submit: "Entrar",
    wrong: "E-mail ou senha incorretos.",
    people: "Pessoas de demonstração",
  },
  en: {
    title: "Sign in",
    email: "E-mail",
    password: "Password",
    submit: "Sign in",
    wrong: "Wrong e-mail or password.",
    people: "Demo people",
  },
};

/** A handler that answers the sign-in page's requests and says whether it did. */
export function makeSignIn(provider, directory) {
  return async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (!PATH.test(path)) return false;
    try {
      await answer(request, response, path);
    } catch (error) {
      const gone = error.name === "SessionNotFound";
      send(response, gone ? 400 : 500, page(gone ? "Recomece · Start again" : "Erro · Error", ""));
      if (!gone) console.error(error);
    }
    return true;
  };

  async function answer(request, response, path) {
    const { params } = await provider.interactionDetails(request, response);
    const language = chooseLanguage(params.ui_locales ?? request.headers["accept-language"]);
    if (request.method !== "POST") {
      send(response, 200, signInPage(directory, path, language, params.login_hint));
      return;
    }
    const form = await readForm(request);
    const person = findPerson(directory, form);
    if (!person) {
      send(response, 401, signInPage(directory, path, language, form.get("email"), true));
      return;
    }
    const result = { login: { accountId: person.id } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
}

function findPerson(directory, form) {
  const email = form.get("email")?.trim().toLowerCase();
  if (form.get("password") !== directory.password) return undefined;
  return directory.people.find((each) => each.email.toLowerCase() === email);
}

function chooseLanguage(preferences = "") {
  return /^\s*en\b/i.test(preferences) ? "en" : "pt-BR";
}

function signInPage(directory, path, language, email = "", wrong = false) {
  const words = WORDS[language];
  const people = directory.people.map(
    (each) => `<form method="post" action="${path}">
      <input type="hidden" name="email" value="${escape(each.email)}">
      <input type="hidden" name="password" value="${escape(directory.password)}">
      <button>${escape(each.name)} <small>${escape([...each.roles, ...(each.branches ?? [])].join(" · "))}</small></button>
    </form>`,
  );
  const body = `
    ${wrong ? `<p role="alert">${words.wrong}</p>` : ""}
    <form method="post" action="${path}">
      <label>${words.email}<input type="email" name="email" value="${escape(email ?? "")}" autocomplete="username" required></label>
      <label>${words.password}<input type="password" name="password" autocomplete="current-password" required></label>
      <button class="main">${words.submit}</button>
    </form>
    <h2>${words.people}</h2><div class="people">${people.join("")}</div>`;
  return page(words.title, body, language);
}

async function readForm(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LARGEST_FORM_BYTES) throw new Error("the sign-in form is too large");
  }
  return new URLSearchParams(text);
}

function send(response, status, body) {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(body);
}
