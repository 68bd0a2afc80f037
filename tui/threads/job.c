/* SPDX-License-Identifier: MIT */
#include "threads/job.h"

#include <stdlib.h>

struct job *job_create(const struct job_type *type)
{
    struct job *job = mem_zero(1, sizeof *job);
    job->type = type;
    job->work = mem_zero(1, type->work_size ? type->work_size : 1);
    return job;
}

void job_destroy(struct job *job)
{
    if (!job)
        return;
    if (job->type->finish)
        job->type->finish(job->work);
    free(job->work);
    free(job);
}

struct keep_input job_keep_input(const struct job_tools *tools, const struct job *job)
{
    const struct session *session = tools->session;
    return (struct keep_input){
        .subject = session->subject,
        .base = session->base,
        .corpus = session->corpus,
        .accesses = session->accesses,
        .line_paths = session->line_paths,
        .reader = tools->reader,
        .config = bytes_of(session->subject_info.config),
        .db = tools->db,
        .cancel = &job->cancel,
    };
}
