/** Any of a list, or all of it: folded until some are meant. */
interface CheckListProps {
  title: string;
  /** What none chosen means. */
  every: string;
  options: readonly (readonly [string, string])[];
  chosen: readonly string[];
  onChoose: (chosen: string[]) => void;
}

export function CheckList({ title, every, options, chosen, onChoose }: CheckListProps) {
  const shown = chosen.length > 0 ? chosen.join(", ") : every;
  const toggle = (code: string, checked: boolean) =>
    onChoose(checked ? [...chosen, code] : chosen.filter((each) => each !== code));
  return (
    <details class="check-list">
      <summary>
        <strong>{title}</strong> <span class="muted">{shown}</span>
      </summary>
      <fieldset>
        <legend class="visually-hidden">{title}</legend>
        {options.map(([code, name]) => (
          <label key={code} class="choice">
            <input
              type="checkbox"
              checked={chosen.includes(code)}
              onChange={(event) => toggle(code, event.currentTarget.checked)}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
