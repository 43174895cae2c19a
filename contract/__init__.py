"""The executable contract of AddSchedulerJobGroupToSchedulerTrigger."""
