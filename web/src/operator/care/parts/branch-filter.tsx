/** Which branch's things a list shows; those of the operator are offered. */
import { loadBranches } from "../../../api/calls";
import { useLoad } from "../../../shared/load";
import { Field } from "../../../shared/ui/field";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";

interface BranchFilterProps {
  value: string;
  onChoose: (branch: string) => void;
}

export function BranchFilter({ value, onChoose }: BranchFilterProps) {
  const { t } = useCareWords();
  const { branches: own } = useSession().person;
  const { data } = useLoad("branches", () => loadBranches());
  const offered = (data ?? []).filter(({ code }) => own.length === 0 || own.includes(code));
  return (
    <Field id="care-branch" label={t("filter.branch")}>
      {(described) => (
        <select
          {...described}
          value={value}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          <option value="">{t("filter.all_branches")}</option>
          {value && !offered.some(({ code }) => code === value) && <option>{value}</option>}
          {offered.map(({ code, name }) => (
            <option key={code} value={code}>
              {`${code} · ${name}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
