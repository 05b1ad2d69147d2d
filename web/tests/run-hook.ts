/** Runs a hook with Preact itself and without a page: its component draws nothing anywhere. */
import { h, render } from "preact";

export interface Running<Input, Result> {
  /** What the hook said at last. */
  now: () => Result;
  with: (input: Input) => void;
  end: () => void;
}

export function runHook<Input, Result>(
  use: (input: Input) => Result,
  first: Input,
): Running<Input, Result> {
  // As far as Preact touches a place in which nothing is drawn.
  const nowhere = { childNodes: [], firstChild: null, namespaceURI: null };
  const place = nowhere as unknown as HTMLElement;
  let said: { result: Result } | null = null;
  function Nothing({ input }: { input: Input }) {
    said = { result: use(input) };
    return null;
  }
  const draw = (input: Input) => render(h(Nothing, { input }), place);
  draw(first);
  return {
    now: () => {
      if (!said) throw new Error("the hook has not run");
      return said.result;
    },
    with: draw,
    end: () => render(null, place),
  };
}
