/** The filters above the list; each applies as it is chosen, the plate when it is typed. */
import { navigate } from "../../../shared/router";
import { Field } from "../../../shared/ui/field";
import { useFleetWords } from "../i18n";
import { branchOptions, type Catalogue, classOptions } from "../parts/catalogue";
import { SelectField } from "../parts/select-field";
import { filtersPath, plateLetters, STATUSES, type VehicleFilters } from "./filters";

interface FieldsProps {
  filters: VehicleFilters;
  catalogue: Catalogue;
}

export function VehicleFilterFields({ filters, catalogue }: FieldsProps) {
  const { t } = useFleetWords();
  const choose = (change: Partial<VehicleFilters>) =>
    navigate(filtersPath({ ...filters, ...change }), { replace: true });
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <SelectField
        id="filter-branch"
        label={t("vehicle.branch")}
        value={filters.branch}
        none={t("filter.every_branch")}
        options={branchOptions(catalogue.served)}
        onChoose={(branch) => choose({ branch })}
      />
      <SelectField
        id="filter-class"
        label={t("vehicle.class")}
        value={filters.class}
        none={t("filter.every_class")}
        options={classOptions(catalogue)}
        onChoose={(code) => choose({ class: code })}
      />
      <SelectField
        id="filter-status"
        label={t("vehicle.status")}
        value={filters.status}
        none={t("filter.every_status")}
        options={STATUSES.map((status) => [status, t(`status.${status}`)] as const)}
        onChoose={(status) => choose({ status })}
      />
      <Field id="filter-plate" label={t("filter.plate")}>
        {(described) => (
          <input
            {...described}
            type="search"
            key={filters.q}
            defaultValue={filters.q}
            maxLength={9}
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            onChange={(event) => choose({ q: plateLetters(event.currentTarget.value) })}
          />
        )}
      </Field>
    </form>
  );
}
