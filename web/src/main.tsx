import { render } from "preact";
import { App } from "./app";
import { I18nProvider } from "./shared/i18n";
import "./shared/styles/index.css";

const root = document.getElementById("app");
if (root) {
  render(
    <I18nProvider>
      <App />
    </I18nProvider>,
    root,
  );
}
