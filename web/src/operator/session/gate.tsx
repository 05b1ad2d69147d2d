/** Lets signed-in people through and shows everybody else how to become one. */
import type { UserManager } from "oidc-client-ts";
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { loadFeatures } from "../../api/calls";
import { ApiProblem } from "../../api/client";
import { useLoad } from "../../shared/load";
import { usePage } from "../../shared/router";
import { Notice, ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { useFrameWords } from "../i18n";
import { openManager, type Person, personOf, resume, type Session, signIn } from "./session";

const Context = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("outside the gate");
  return session;
}

interface Opened {
  manager: UserManager;
  person: Person | null;
  /** The provider refused, or its answer was of another tab. */
  failed: boolean;
}

async function open(locale: string): Promise<Opened> {
  const manager = openManager(await loadFeatures(), locale);
  try {
    const user = await resume(manager);
    return { manager, person: user && personOf(user), failed: false };
  } catch {
    return { manager, person: null, failed: true };
  }
}

export function Gate({ children }: { children: ComponentChildren }) {
  const { locale } = useFrameWords();
  const { data, problem, reload } = useLoad("session", () => open(locale));
  if (problem) {
    return (
      <div class="wrap page page-narrow">
        <ProblemNotice problem={problem} retry={reload} />
      </div>
    );
  }
  if (!data) {
    return (
      <div class="wrap page page-narrow">
        <Skeleton shapes={3} />
      </div>
    );
  }
  return <Door {...data}>{children}</Door>;
}

function Door({ manager, person, failed, children }: Opened & { children: ComponentChildren }) {
  const [who, setWho] = useState(person);
  useEffect(() => {
    const end = () => setWho(null);
    manager.events.addUserSignedOut(end);
    manager.events.addAccessTokenExpired(end);
    return () => {
      manager.events.removeUserSignedOut(end);
      manager.events.removeAccessTokenExpired(end);
      manager.stopSilentRenew();
    };
  }, [manager]);
  const session = useMemo(
    () => (who ? makeSession(manager, who, () => setWho(null)) : null),
    [manager, who],
  );
  if (!session) return <SignIn manager={manager} failed={failed} />;
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

function makeSession(manager: UserManager, person: Person, end: () => void): Session {
  return {
    person,
    token: async () => {
      const user = await manager.getUser();
      if (user && !user.expired) return user.access_token;
      end();
      throw new ApiProblem("unauthenticated", 401, "");
    },
    signOut: () => manager.signoutRedirect(),
  };
}

function SignIn({ manager, failed }: { manager: UserManager; failed: boolean }) {
  const { t } = useFrameWords();
  const [problem, setProblem] = useState(failed);
  const [busy, setBusy] = useState(false);
  usePage(t("sign_in.title"));
  const go = async () => {
    setProblem(false);
    setBusy(true);
    try {
      await signIn(manager);
    } catch {
      setBusy(false);
      setProblem(true);
    }
  };
  return (
    <div class="wrap page page-narrow">
      <h1 tabIndex={-1}>{t("sign_in.title")}</h1>
      <p class="lead">{t("sign_in.lead")}</p>
      {problem && <Notice tone="danger">{t("sign_in.failed")}</Notice>}
      <p>
        <button
          type="button"
          class="button button-primary button-large"
          disabled={busy}
          onClick={() => void go()}
        >
          {busy && <span class="spinner" aria-hidden="true" />}
          {t("sign_in.action")}
        </button>
      </p>
    </div>
  );
}
