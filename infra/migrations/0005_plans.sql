-- One plan per statement instead of one per execution. Every statement of these roles is prepared
-- and reaches its rows by key, so knowing the values changes no plan; but PostgreSQL guesses the
-- length of array parameters, takes that for a reason, and plans the booking anew each time,
-- which cost as much as running it.
DO $$
DECLARE
    folder text;
BEGIN
    FOREACH folder IN ARRAY ARRAY['rent', 'payment', 'email'] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET plan_cache_mode = force_generic_plan',
                       folder, current_database());
    END LOOP;
END $$;
